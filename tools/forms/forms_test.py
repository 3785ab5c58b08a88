"""Tests of the forms: the list is read as written, and what the hall's tables hold is what it says."""

import csv
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from reading import id_number, read, value_of  # noqa: E402

HERE = pathlib.Path(__file__).parent
HALL = HERE.parents[1] / "data" / "wolong"


def table(name):
    csv.field_size_limit(1 << 24)
    with (HALL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_text(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "forms.txt")
        path.write_text(text, encoding="utf-8")
        return read(path)


class FormsTest(unittest.TestCase):
    def test_last_digit_of_an_id_number(self):
        self.assertEqual(id_number("11010519491231002*"), "11010519491231002X")
        self.assertEqual(id_number("41130319900307002*"), "411303199003070025")
        self.assertEqual(value_of("李样例，11010519491231002*；没有"), "李样例，11010519491231002X；没有")

    def test_a_form_is_read(self):
        (form,) = read_text(
            "define who 姓名=张示范 | 性别=女\nform a 表\nto 窗口\nfor 412011013000:2 姓名=李样例\n"
            "use who\n为什么^3=丢了\n! 真的。\nsign 申请人=张示范\n"
        )
        self.assertEqual((form.code, form.title, form.to), ("a", "表", "窗口"))
        self.assertEqual(form.papers, [("412011013000", "2", {"姓名": "李样例"})])
        self.assertEqual(form.rows, [[("姓名", 1, "张示范"), ("性别", 1, "女")], [("为什么", 3, "丢了")]])
        self.assertEqual((form.promises, form.signs), (["真的。"], [("申请人", "张示范")]))

    def test_what_a_sample_says_is_a_cell_of_its_form(self):
        for form in read(HERE / "forms.txt"):
            labels = {label for row in form.rows for label, _, _ in row} | {who for who, _ in form.signs}
            for item, _, said in form.papers:
                self.assertLessEqual(set(said), labels, (form.code, item))

    def test_the_tables_of_the_hall_have_every_form(self):
        papers = {(p["item"], p["position"]): p for p in table("item_papers.csv")}
        files = {(f["item"], f["code"]): f["kind"] for f in table("item_files.csv")}
        said = {}
        for form in read(HERE / "forms.txt"):
            for item, position, _ in form.papers:
                said[item, position] = form.code, form.code + "_filled"
                self.assertEqual(papers[item, position]["kind"], "form")
                self.assertEqual(files[item, form.code], "blank")
                self.assertEqual(files[item, form.code + "_filled"], "filled")
        named = {at: (p["blank_file"], p["sample_file"]) for at, p in papers.items() if p["blank_file"]}
        self.assertEqual(named, said)


if __name__ == "__main__":
    unittest.main()
