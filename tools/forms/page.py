"""A page of paper as a picture in black and white: text, rules and boxes on A4, written as PNG."""

import struct
import zlib

from freetype import Font

WIDTH, HEIGHT = 896, 1267  # the width in whole bytes of eight dots
FOLDER = "/usr/share/fonts/opentype/noto/"
SIMPLIFIED = 2  # of the faces in Noto's collections
BLACK_FROM = 96  # of 255: low, so that thin strokes stay
NEVER_FIRST, NEVER_LAST = "，。、；：？！）》”", "（《“"


class Page:
    def __init__(self):
        self.dots = [bytearray(WIDTH) for _ in range(HEIGHT)]  # 0 white to 255 black

    def rule(self, x, y, width, height):
        for row in self.dots[y : y + height]:
            row[x : x + width] = b"\xff" * width

    def box(self, x, y, width, height, line=2):
        self.rule(x, y, width, line)
        self.rule(x, y + height - line, width, line)
        self.rule(x, y, line, height)
        self.rule(x + width - line, y, line, height)

    def text(self, font, x, baseline, text):
        for character in text:
            glyph = font.glyph(character)
            for i, source in enumerate(glyph.rows):
                row = self.dots[baseline - glyph.top + i]
                for k, ink in enumerate(source):
                    at = x + glyph.left + k
                    row[at] = max(row[at], ink)
            x += glyph.advance
        return x

    def png(self):
        raw = bytearray()
        for row in self.dots:
            bits = "".join("0" if ink >= BLACK_FROM else "1" for ink in row)
            raw += b"\0" + int(bits, 2).to_bytes(WIDTH // 8, "big")
        head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 1, 0, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(bytes(raw), 9))
            + chunk(b"IEND", b"")
        )


def chunk(name, content):
    sum_of = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", sum_of)


def wrapped(font, text, width):
    """Lines no wider than that; what closes does not begin a line, what opens does not end one."""
    lines, line = [], ""
    for character in text:
        if font.width(line + character) > width and character not in NEVER_FIRST:
            kept = line.rstrip(NEVER_LAST)
            lines.append(kept)
            line = line[len(kept) :]
        line += character
    return [*lines, line]


def sans(size, face=SIMPLIFIED):
    return Font(FOLDER + "NotoSansCJK-Regular.ttc", face, size)


def bold(size, face=SIMPLIFIED):
    return Font(FOLDER + "NotoSansCJK-Bold.ttc", face, size)


def serif(size, face=SIMPLIFIED):
    return Font(FOLDER + "NotoSerifCJK-Regular.ttc", face, size)
