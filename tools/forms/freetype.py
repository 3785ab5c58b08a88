"""The little of FreeType that drawing a line of text needs, so that no package beyond the library itself is asked for."""

import ctypes
import ctypes.util


class _Bitmap(ctypes.Structure):
    _fields_ = [
        ("rows", ctypes.c_uint),
        ("width", ctypes.c_uint),
        ("pitch", ctypes.c_int),
        ("buffer", ctypes.POINTER(ctypes.c_ubyte)),
    ]


class _Slot(ctypes.Structure):
    _fields_ = [
        ("owners", ctypes.c_void_p * 3),
        ("glyph_index", ctypes.c_uint),
        ("generic", ctypes.c_void_p * 2),
        ("metrics", ctypes.c_long * 8),
        ("linear", ctypes.c_long * 2),
        ("advance_x", ctypes.c_long),
        ("advance_y", ctypes.c_long),
        ("format", ctypes.c_uint),
        ("bitmap", _Bitmap),
        ("num_grays_and_mode", ctypes.c_uint),
        ("palette", ctypes.c_void_p),
        ("left", ctypes.c_int),
        ("top", ctypes.c_int),
    ]


class _Face(ctypes.Structure):
    _fields_ = [
        ("numbers", ctypes.c_long * 5),
        ("names", ctypes.c_void_p * 2),
        ("num_fixed_sizes", ctypes.c_int),
        ("available_sizes", ctypes.c_void_p),
        ("num_charmaps", ctypes.c_int),
        ("charmaps", ctypes.c_void_p),
        ("generic", ctypes.c_void_p * 2),
        ("bbox", ctypes.c_long * 4),
        ("units_per_em", ctypes.c_ushort),
        ("heights", ctypes.c_short * 7),
        ("glyph", ctypes.POINTER(_Slot)),
    ]


_LOAD_RENDER = 4
_library = ctypes.CDLL(ctypes.util.find_library("freetype") or "libfreetype.so.6")
_handle = ctypes.c_void_p()
_library.FT_Init_FreeType(ctypes.byref(_handle))
_library.FT_Load_Char.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int]
_library.FT_Get_Char_Index.argtypes = [ctypes.c_void_p, ctypes.c_ulong]


class Glyph:
    """A character drawn: its advance, where its picture begins, and the picture, a byte (0–255) a dot."""

    def __init__(self, slot):
        self.advance = slot.advance_x >> 6
        self.left, self.top = slot.left, slot.top
        bitmap = slot.bitmap
        self.rows = [
            bytes(bitmap.buffer[y * bitmap.pitch : y * bitmap.pitch + bitmap.width])
            for y in range(bitmap.rows)
        ]


class Font:
    """A face of a font file at one size in dots."""

    def __init__(self, path, face, size):
        self.face = ctypes.POINTER(_Face)()
        if _library.FT_New_Face(_handle, path.encode(), face, ctypes.byref(self.face)):
            raise SystemExit(f"no font {path}: on Debian it is in fonts-noto-cjk")
        _library.FT_Set_Pixel_Sizes(self.face, 0, size)
        self.size = size
        self.glyphs = {}

    def glyph(self, character):
        if character not in self.glyphs:
            if not _library.FT_Get_Char_Index(self.face, ord(character)):
                raise SystemExit(f"the font has no “{character}”")
            if _library.FT_Load_Char(self.face, ord(character), _LOAD_RENDER):
                raise SystemExit(f"the font does not draw “{character}”")
            self.glyphs[character] = Glyph(self.face.contents.glyph.contents)
        return self.glyphs[character]

    def width(self, text):
        return sum(self.glyph(character).advance for character in text)
