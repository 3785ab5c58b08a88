"""Reads forms.txt, draws each form blank and filled in, and puts both into the tables of the demonstration hall.

    python3 tools/forms/forms.py            writes data/wolong/item_files.csv and item_papers.csv
    python3 tools/forms/forms.py --look DIR writes the pictures there instead, to be looked at

Needs libfreetype and the font of Debian's fonts-noto-cjk. Run it again after a change of forms.txt: what it wrote
before is replaced. It is no part of the build.
"""

import base64
import csv
import io
import pathlib
import sys

from page import HEIGHT, WIDTH, Page, bold, sans, serif, wrapped
from reading import read

HERE = pathlib.Path(__file__).parent
HALL = HERE.parents[1] / "data" / "wolong"
SOURCE = "示范绘制：栏目按本厅指南的要求拟的，不是真实表格的式样；样本里的人是编的，以窗口发放的为准"
FOOT = "示范样张，以窗口发放的为准。"
MARGIN, LABEL, LINE = 52, 170, 46
TITLE, TEXT, VALUE, SMALL = bold(32), sans(20), serif(21), sans(18)
ROW_BYTES = 24000  # of a file in one row of the table, as in the program


def draw_cell(page, x, y, width, height, label, value):
    page.box(x, y, LABEL + 2, height)
    page.box(x + LABEL, y, width - LABEL, height)
    lines = wrapped(TEXT, label, LABEL - 20)
    top = y + (height - 26 * len(lines)) // 2
    for i, line in enumerate(lines):
        page.text(TEXT, x + (LABEL - TEXT.width(line)) // 2, top + 20 + 26 * i, line)
    lines = wrapped(VALUE, value, width - LABEL - 28)
    if 28 * len(lines) > height:
        raise SystemExit(f"no room for “{value}” in “{label}”")
    top = y + (height - 28 * len(lines)) // 2
    for i, line in enumerate(lines):
        page.text(VALUE, x + LABEL + 14, top + 22 + 28 * i, line)


def height_of(row, width):
    """Room for the label and for what the sample says, in the blank form too."""
    height = LINE
    for label, lines, value in row:
        of_label = len(wrapped(TEXT, label, LABEL - 20))
        of_value = len(wrapped(VALUE, value, width - LABEL - 28))
        height = max(height, LINE + 32 * (lines - 1), 26 * of_label + 14 * (of_label > 1))
        height = max(height, 28 * of_value + 14 * (of_value > 1))
    return height


def draw_rows(page, form, y, said):
    whole = WIDTH - 2 * MARGIN
    for row in form.rows:
        half = whole // 2 if len(row) > 1 else whole
        height = height_of(row, half)
        x = MARGIN
        for i, (label, _, value) in enumerate(row):
            width = half + 2 * (i == 0 and len(row) > 1)
            text = "" if said is None else said.get(label, value)
            draw_cell(page, x, y, width, height, label, text)
            x += width - 2
        y += height - 2
    return y


def draw_promises(page, form, y):
    if not form.promises:
        return y
    inside = WIDTH - 2 * MARGIN - 60
    lines = [line for text in form.promises for line in wrapped(TEXT, "　　" + text, inside)]
    page.box(MARGIN, y, WIDTH - 2 * MARGIN, 28 + 32 * len(lines))
    for i, line in enumerate(lines):
        page.text(TEXT, MARGIN + 20, y + 36 + 32 * i, line)
    return y + 26 + 32 * len(lines)


def draw_signs(page, form, y, said):
    page.box(MARGIN, y, WIDTH - 2 * MARGIN, 20 + 56 * len(form.signs))
    for i, (who, name) in enumerate(form.signs):
        line = y + 46 + 56 * i
        x = page.text(TEXT, MARGIN + 20, line, who + "（签名）：")
        page.rule(x, line + 8, 460 - x, 1)
        name = "" if said is None else said.get(who, name)
        if not name:
            page.text(TEXT, 510, line, "日期：　　　　年　　月　　日")
        else:
            page.text(VALUE, x + 10, line, name)
            page.text(VALUE, page.text(TEXT, 510, line, "日期："), line, "2026 年 3 月 2 日")
    return y + 20 + 56 * len(form.signs)


def draw(form, said):
    """The page; `said` None leaves it blank."""
    page = Page()
    page.text(SMALL, MARGIN, 50, "示范样张" + ("" if said is None else "（填写样本，人和事都是编的）"))
    page.text(TITLE, (WIDTH - TITLE.width(form.title)) // 2, 122, form.title)
    page.text(SMALL, MARGIN, 172, "交给：" + form.to)
    page.text(SMALL, 560, 172, "编号（窗口填）：")
    y = draw_rows(page, form, 188, said)
    y = draw_promises(page, form, y)
    y = draw_signs(page, form, y, said)
    if y > HEIGHT - 110:
        raise SystemExit(f"“{form.title}” does not fit on a page: {y} of {HEIGHT - 110} dots")
    page.text(SMALL, MARGIN, y + 36, "用黑色笔填。不会填的，窗口代填，您核对后签名。")
    page.rule(MARGIN, HEIGHT - 76, WIDTH - 2 * MARGIN, 1)
    page.text(SMALL, MARGIN, HEIGHT - 46, FOOT)
    return page.png()


def pictures(forms):
    """Of each paper: item, position, form, blank, filled. The same page is drawn once."""
    drawn = {}
    for form in forms:
        for item, position, said in form.papers:
            key = form.code, tuple(sorted(said.items()))
            if key not in drawn:
                drawn[key] = draw(form, said)
            if form.code not in drawn:
                drawn[form.code] = draw(form, None)
            yield item, position, form, drawn[form.code], drawn[key]


def file_rows(item, code, kind, name, content):
    for at in range(0, len(content), ROW_BYTES):
        piece = base64.urlsafe_b64encode(content[at : at + ROW_BYTES]).decode().rstrip("=")
        yield [item, code, kind, name, piece, "demonstration", SOURCE]


def table(name):
    rows = list(csv.reader((HALL / name).open(encoding="utf-8", newline="")))
    return rows[0], rows[1:]


def write(name, head, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    (HALL / name).write_text(out.getvalue(), encoding="utf-8")


def put(forms):
    head, rows = table("item_files.csv")
    of_item = {}
    for row in rows:
        if row[head.index("kind")] not in ("blank", "filled"):
            of_item.setdefault(row[0], []).append(row)
    names = {}
    for item, position, form, blank, filled in pictures(forms):
        filled_code = form.code + "_filled"
        names[item, position] = form.code, filled_code
        new = [
            *file_rows(item, form.code, "blank", form.title + "（空白，示范样张）", blank),
            *file_rows(item, filled_code, "filled", form.title + "（填写样本，示范样张）", filled),
        ]
        of_item[item] = [*of_item.get(item, []), *new]
    write("item_files.csv", head, [row for rows in of_item.values() for row in rows])
    head, rows = table("item_papers.csv")
    blank_at, sample_at = head.index("blank_file"), head.index("sample_file")
    for row in rows:
        row[blank_at], row[sample_at] = names.pop((row[0], row[1]), ("", ""))
    if names:
        raise SystemExit(f"no such papers: {sorted(names)}")
    write("item_papers.csv", head, rows)


def main():
    csv.field_size_limit(1 << 24)
    forms = read(HERE / "forms.txt")
    if sys.argv[1:2] != ["--look"]:
        put(forms)
        return
    for item, _, form, blank, filled in pictures(forms):
        folder = pathlib.Path(sys.argv[2])
        (folder / f"{form.code}.png").write_bytes(blank)
        (folder / f"{form.code}_{item}.png").write_bytes(filled)


if __name__ == "__main__":
    main()
