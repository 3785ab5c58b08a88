"""Tests of assets.py: what is embedded, under which name, and what is refused with which words."""

import gzip
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import assets  # noqa: E402


class Tree:
    """A small project in a folder of its own."""

    def __init__(self, test):
        self.folder = tempfile.TemporaryDirectory()
        test.addCleanup(self.folder.cleanup)
        self.root = self.folder.name
        self.write("tools/assets/third-party.list", "lib.js lib/lib.min.js\n")

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


class AssetsTest(unittest.TestCase):
    def setUp(self):
        self.tree = Tree(self)

    def test_own_file_is_embedded_under_a_hashed_name(self):
        self.tree.write("assets/app.css", "body{color:#123}\n" * 20)
        files = assets.collect(self.tree.root)
        names = assets.link_styles(files)
        self.assertEqual(list(files), ["app.css"])
        self.assertRegex(names["app.css"], r"^app\.[0-9a-f]{12}\.css$")

    def test_another_content_gives_another_name(self):
        self.assertNotEqual(assets.hashed_name("a.js", b"1"), assets.hashed_name("a.js", b"2"))

    def test_third_party_file_is_embedded_only_when_named(self):
        self.tree.write("node_modules/lib/lib.min.js", "lib()\n//# sourceMappingURL=lib.min.js.map\n")
        self.assertEqual(assets.collect(self.tree.root), {})
        self.tree.write("src/web/base.html", '<script src="{{ asset "lib.js" }}" defer></script>')
        self.assertEqual(assets.collect(self.tree.root), {"lib.js": b"lib()\n"})

    def test_third_party_file_that_is_not_installed_is_told(self):
        self.tree.write("src/web/base.html", '{{ asset "lib.js" }}')
        with self.assertRaisesRegex(assets.Fault, r"third-party.list:1: lib.js is not installed"):
            assets.collect(self.tree.root)

    def test_sprite_holds_just_the_icons_used(self):
        for name in ("bell", "house"):
            self.tree.write(f"node_modules/bootstrap-icons/icons/{name}.svg",
                            f'<svg xmlns="x" width="16" viewBox="0 0 16 16">\n  <path d="{name}"/>\n</svg>')
        self.tree.write("src/hall/hall.html", '<svg><use href="{{ asset "icons.svg" }}#icon-bell"/></svg>')
        sprite = assets.collect(self.tree.root)["icons.svg"].decode()
        self.assertIn('<symbol id="icon-bell" viewBox="0 0 16 16"', sprite)
        self.assertNotIn("house", sprite)

    def test_own_icon_comes_before_the_library(self):
        self.tree.write("node_modules/bootstrap-icons/icons/bell.svg", '<svg viewBox="0 0 1 1"><path d="a"/></svg>')
        self.tree.write("assets/icons/bell.svg", '<svg viewBox="0 0 2 2"><path d="b"/></svg>')
        self.tree.write("assets/icons.list", "bell\n")
        self.assertIn(b'viewBox="0 0 2 2"', assets.collect(self.tree.root)["icons.svg"])

    def test_unknown_icon_is_refused_with_its_place(self):
        self.tree.write("src/hall/hall.html", "<p>\n#icon-no-such\n")
        with self.assertRaisesRegex(assets.Fault, r"src/hall/hall.html:2: there is no icon no-such"):
            assets.collect(self.tree.root)

    def test_icon_with_a_script_is_refused(self):
        self.tree.write("assets/icons/bad.svg", '<svg viewBox="0 0 2 2"><script>1</script></svg>')
        self.tree.write("assets/icons.list", "bad\n")
        with self.assertRaisesRegex(assets.Fault, r"icons.list:1: the icon bad holds a script"):
            assets.collect(self.tree.root)

    def test_two_files_of_one_name_are_refused(self):
        self.tree.write("assets/a/x.js", "1")
        self.tree.write("assets/b/x.js", "2")
        with self.assertRaisesRegex(assets.Fault, r"assets/b/x.js:1: a second file named x.js"):
            assets.collect(self.tree.root)

    def test_style_sheet_names_pictures_with_their_digest(self):
        self.tree.write("assets/app.css", "a{background:url(mark.svg#x)} b{background:url('https://no')}")
        self.tree.write("assets/mark.svg", "<svg/>")
        files = assets.collect(self.tree.root)
        names = assets.link_styles(files)
        self.assertIn(f'url("{names["mark.svg"]}#x")', files["app.css"].decode())
        self.assertIn("url('https://no')", files["app.css"].decode())

    def test_written_c_compiles_and_holds_the_bytes(self):
        text = "p{margin:0}\n" * 50
        self.tree.write("assets/app.css", text)
        out = os.path.join(self.tree.root, "out")
        os.mkdir(out)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assets.py")
        subprocess.run([sys.executable, script, "--root", self.tree.root, "--out", out], check=True)
        with open(os.path.join(out, "assets.c"), encoding="utf-8") as f:
            written = f.read()
        arrays = {name: bytes(int(n) for n in re.findall(r"\d+", body))
                  for name, body in re.findall(r"char (\w+)\[\] = \{(.*?)\};", written, re.S)}
        self.assertEqual(arrays["asset_0_plain"].decode(), text)
        self.assertEqual(gzip.decompress(arrays["asset_0_gzip"]).decode(), text)
        self.assertLess(len(arrays["asset_0_br"]), len(arrays["asset_0_plain"]))
        subprocess.run(["cc", "-std=c17", "-Wall", "-Werror", "-c", os.path.join(out, "assets.c"),
                        "-o", os.path.join(out, "assets.o")], check=True)


if __name__ == "__main__":
    unittest.main()
