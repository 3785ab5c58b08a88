#!/usr/bin/env python3
"""Makes assets.c and assets.h: every file that a browser gets, embedded in the program.

Ours come from assets/ (style sheets, scripts, pictures), other people's from node_modules by
tools/assets/third-party.list, and icons.svg is a sprite of just those icons that a page uses as
`#icon-NAME` (or assets/icons.list names, for names that are put together at run time). Each file
gets a name with the digest of its bytes, so that it may be cached for ever, and is compressed here
once, hard, instead of at every request: gzip, and Brotli by Debian's `brotli` command.
"""

import argparse
import gzip
import hashlib
import os
import re
import subprocess
import sys
import tempfile

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
SQUEEZED = (".css", ".js", ".svg", ".json", ".webmanifest", ".txt", ".html")
ICON = re.compile(rb"#icon-([a-z0-9][a-z0-9-]*)")
CSS_URL = re.compile(rb"""url\((["']?)([A-Za-z0-9._-]+)(#[^"')]*)?\1\)""")
ICON_LIST = os.path.join("assets", "icons.list")
THIRD_PARTY = os.path.join("tools", "assets", "third-party.list")


class Fault(Exception):
    """Something a person must mend, said as FILE:LINE: what; what to do."""


def read(path):
    with open(path, "rb") as f:
        return f.read()


def walk(root, top, endings):
    found = []
    for where, dirs, names in os.walk(os.path.join(root, top)):
        dirs.sort()
        found += [os.path.join(where, n) for n in sorted(names) if n.endswith(endings)]
    return found


def own_files(root):
    """Files of assets/ by name; names are flat, so one name may not stand in two folders."""
    files = {}
    for path in walk(root, "assets", tuple(TYPES)):
        relative = os.path.relpath(path, os.path.join(root, "assets"))
        if relative.split(os.sep)[0] == "icons":
            continue
        name = os.path.basename(path)
        if name in files:
            raise Fault(f"assets/{relative}:1: a second file named {name}; give it another name")
        files[name] = path
    return files


def third_party(root):
    """(line number, name, path) of third-party.list."""
    rows = []
    for number, line in enumerate(read(os.path.join(root, THIRD_PARTY)).decode().splitlines(), 1):
        words = line.split("#", 1)[0].split()
        if words and len(words) != 2:
            raise Fault(f"{THIRD_PARTY}:{number}: expected NAME PATH")
        if words:
            rows.append((number, words[0], os.path.join(root, "node_modules", words[1])))
    return rows


def sources(root):
    """Everything in which a file or an icon may be named."""
    return walk(root, "src", (".html", ".c", ".h")) + walk(root, "assets", (".css", ".js"))


def named_icons(root):
    """Icon name → the place that wants it."""
    icons = {}
    for path in sources(root):
        for number, line in enumerate(read(path).splitlines(), 1):
            for match in ICON.finditer(line):
                place = f"{os.path.relpath(path, root)}:{number}"
                icons.setdefault(match.group(1).decode(), place)
    listed = os.path.join(root, ICON_LIST)
    if os.path.exists(listed):
        for number, line in enumerate(read(listed).decode().splitlines(), 1):
            for name in line.split("#", 1)[0].split():
                icons.setdefault(name, f"{ICON_LIST}:{number}")
    return icons


def icon_path(root, name):
    for folder in (os.path.join("assets", "icons"), os.path.join("node_modules", "bootstrap-icons", "icons")):
        path = os.path.join(root, folder, name + ".svg")
        if os.path.exists(path):
            return path
    return None


def symbol(name, svg, place):
    """One icon file as a <symbol>; its size and class are the page's business."""
    text = re.sub(r"<\?xml.*?\?>|<!--.*?-->", "", svg.decode(), flags=re.S).strip()
    match = re.fullmatch(r"<svg\b([^>]*)>(.*)</svg>", text, flags=re.S)
    box = match and re.search(r'viewBox="([^"]+)"', match.group(1))
    if not box:
        raise Fault(f"{place}: the icon {name} is not an SVG with a viewBox; draw it anew")
    if re.search(r"<(script|style|foreignObject)\b|\bon[a-z]+=|style=", match.group(2)):
        raise Fault(f"{place}: the icon {name} holds a script or a style; take it out")
    body = re.sub(r">\s+<", "><", match.group(2).strip())
    return f'<symbol id="icon-{name}" viewBox="{box.group(1)}" fill="currentColor">{body}</symbol>'


def sprite(root):
    symbols = []
    for name, place in sorted(named_icons(root).items()):
        path = icon_path(root, name)
        if path is None:
            raise Fault(f"{place}: there is no icon {name}; take a name of bootstrap-icons, "
                        f"or put assets/icons/{name}.svg there")
        symbols.append(symbol(name, read(path), place))
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n").encode()


def wanted(root, name):
    """Is the file named, in quotes or as a CSS address, anywhere?"""
    pattern = re.compile(rb"""["'(]""" + re.escape(name.encode()) + rb"""["')]""")
    return any(pattern.search(read(path)) for path in sources(root))


def collect(root):
    """Name → bytes, all of them."""
    files = {name: read(path) for name, path in own_files(root).items()}
    for number, name, path in third_party(root):
        if name in files:
            raise Fault(f"{THIRD_PARTY}:{number}: assets/ has a file {name} too; rename one")
        if not wanted(root, name):
            continue
        if not os.path.exists(path):
            raise Fault(f"{THIRD_PARTY}:{number}: {name} is not installed; run ./dev build, which calls npm ci")
        # A source map is not shipped, so a browser must not ask for it.
        files[name] = re.sub(rb"\n?(//|/\*)# sourceMappingURL=.*", b"", read(path))
    if named_icons(root):
        files["icons.svg"] = sprite(root)
    return files


def hashed_name(name, content):
    stem, ending = os.path.splitext(name)
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{ending}"


def link_styles(files):
    """Style sheets name other files; they must name them with their digests. Pictures first."""
    names = {}
    for name in sorted(files, key=lambda n: (n.endswith(".css"), n)):
        if name.endswith(".css"):
            def address(match):
                target = match.group(2).decode()
                if target not in names:
                    return match.group(0)
                return b'url("' + names[target].encode() + (match.group(3) or b"") + b'")'
            files[name] = CSS_URL.sub(address, files[name])
        names[name] = hashed_name(name, files[name])
    return names


def squeeze_brotli(content):
    return subprocess.run(["brotli", "-q", "11", "-w", "22", "-c", "-"], input=content,
                          stdout=subprocess.PIPE, check=True).stdout


def c_bytes(symbol_name, content):
    lines = [f"static const unsigned char {symbol_name}[] = {{"]
    for at in range(0, len(content), 24):
        lines.append("    " + ",".join(str(b) for b in content[at:at + 24]) + ",")
    if not content:
        lines.append("    0,")
    lines.append("};")
    return lines


HEADER = """/* Made by tools/assets/assets.py: the files a browser gets, in the program. */
#ifndef ASSETS_H
#define ASSETS_H

#include <stddef.h>

struct asset {
    const char *name, *hashed_name, *content_type;
    const unsigned char *bytes;
    size_t size;
    const unsigned char *gzip; /* NULL when compressing does not pay */
    size_t gzip_size;
    const unsigned char *br;
    size_t br_size;
};
extern const struct asset asset_table[]; /* sorted by name, bytewise; ends with a row without name */
extern const size_t asset_count;

#endif
"""


def write_c(files, names):
    out = ["/* Made by tools/assets/assets.py. */", '#include "assets.h"', ""]
    rows = []
    for number, name in enumerate(sorted(files, key=lambda n: n.encode())):
        content = files[name]
        ending = os.path.splitext(name)[1]
        versions = {"plain": content}
        if ending in SQUEEZED:
            for kind, squeezed in (("gzip", gzip.compress(content, 9, mtime=0)), ("br", squeeze_brotli(content))):
                if len(squeezed) < len(content):
                    versions[kind] = squeezed
        cells = []
        for kind in ("plain", "gzip", "br"):
            if kind in versions:
                out += c_bytes(f"asset_{number}_{kind}", versions[kind])
                cells += [f"asset_{number}_{kind}", str(len(versions[kind]))]
            else:
                cells += ["NULL", "0"]
        rows.append(f'    {{"{name}", "{names[name]}", "{TYPES[ending]}", {", ".join(cells)}}},')
    out += ["", "const struct asset asset_table[] = {"] + rows
    out += ["    {NULL, NULL, NULL, NULL, 0, NULL, 0, NULL, 0},", "};",
            f"const size_t asset_count = {len(rows)};", ""]
    return "\n".join(out)


def write_if_changed(path, text):
    if os.path.exists(path) and read(path) == text.encode():
        return
    with tempfile.NamedTemporaryFile("wb", dir=os.path.dirname(path) or ".", delete=False) as f:
        f.write(text.encode())
    os.replace(f.name, path)


def inputs(root):
    listed = os.path.join(root, ICON_LIST)
    paths = [os.path.join(root, THIRD_PARTY)] + list(own_files(root).values()) + sources(root)
    paths += walk(root, os.path.join("assets", "icons"), (".svg",))
    paths += [path for _, _, path in third_party(root) if os.path.exists(path)]
    return sorted(set(paths + ([listed] if os.path.exists(listed) else [])))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--root", required=True)
    parser.add_argument("--out")
    parser.add_argument("--list-inputs", action="store_true")
    words = parser.parse_args()
    root = os.path.abspath(words.root)
    try:
        if words.list_inputs:
            print("\n".join(inputs(root)))
            return 0
        if not words.out:
            parser.error("--out DIR is needed")
        files = collect(root)
        names = link_styles(files)
        write_if_changed(os.path.join(words.out, "assets.h"), HEADER)
        write_if_changed(os.path.join(words.out, "assets.c"), write_c(files, names))
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
