#!/usr/bin/env python3
"""Tells Meson what there is to compile: one line a folder of src/modules.list.

    KIND|NAME|needs|sources|tests|headers

`needs` is the closure of the `needs` lines of the .def files, because a public header may include
the headers of its own needs; the linter holds each folder to its own words. Folders that are still
empty are left out. With --files it prints every file that a build depends on being there, so that
./dev can tell Meson when one was added or removed; --harness and --fuzz name the sources of the
test program and of the fuzz targets.
"""

import os
import sys


def read_list(root):
    folders = []
    with open(os.path.join(root, "src", "modules.list"), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            words = line.split("#", 1)[0].split()
            if not words:
                continue
            if len(words) != 2 or words[0] not in ("layer", "module", "app"):
                sys.exit(f"src/modules.list:{number}: expected `layer NAME`, `module NAME` or `app NAME`")
            folders.append((words[0], words[1]))
    return folders


def own_needs(folder):
    needs = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".def"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for line in f:
                words = line.split("#", 1)[0].split()
                if words and words[0] == "needs" and line[0] == "n":  # not a member of a view
                    needs += words[1:]
    return needs


def closure(name, needs):
    found, queue = [], list(needs.get(name, []))
    while queue:
        n = queue.pop(0)
        if n not in found:
            found.append(n)
            queue += needs.get(n, [])
    return found


def main():
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    if "--files" in sys.argv:
        for top in ("src", "assets", "po", "tests/harness", "tests/fuzz"):
            for where, dirs, names in os.walk(os.path.join(root, top)):
                dirs[:] = sorted(d for d in dirs if d != "corpus")
                for name in sorted(names):
                    print(os.path.relpath(os.path.join(where, name), root))
        return
    if "--harness" in sys.argv:
        harness = os.path.join(root, "tests", "harness")
        names = sorted(os.listdir(harness)) if os.path.isdir(harness) else []
        print("\n".join(f"tests/harness/{n}" for n in names if n.endswith(".c")))
        return
    if "--fuzz" in sys.argv:
        folder = os.path.join(root, "tests", "fuzz")
        print("\n".join(n for n in sorted(os.listdir(folder)) if n.startswith("fuzz_") and n.endswith(".c")))
        return
    folders = [(k, n) for k, n in read_list(root) if os.path.isdir(os.path.join(root, "src", n))]
    needs = {n: own_needs(os.path.join(root, "src", n)) for _, n in folders}
    for kind, name in folders:
        files = sorted(os.listdir(os.path.join(root, "src", name)))
        tests = [f for f in files if f.endswith("_test.c")]
        sources = [f for f in files if f.endswith(".c") and f not in tests]
        headers = [f for f in files if f.endswith(".h")]
        if not any(f.endswith((".c", ".h", ".def", ".sql", ".html")) for f in files):
            continue
        columns = [closure(name, needs), sources, tests, headers]
        print("|".join([kind, name] + [",".join(c) for c in columns]))


if __name__ == "__main__":
    main()
