#!/usr/bin/env python3
"""The generator: reads the declarations of every folder of src/ and writes C (docs/declarations.md says
what is read, docs/generated.md what is written).

    gen.py --src SRC --po PO --out DIR [--release]             writes what changed
    gen.py --src SRC --list-inputs | --list-outputs            one file a line, for Meson
    gen.py --src SRC --po PO --extract                         brings po/en.po up to date

All mistakes are told at once as FILE:LINE: what is wrong; what to do. Then the exit status is 1 and
nothing is written; with --keep-going only what is wrong is left out (keep_going.py)."""

import argparse
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import keep_going  # noqa: E402
from check import check  # noqa: E402
from compile_html import check_templates  # noqa: E402
from model import Folder, Place, Project, build_index  # noqa: E402
from po import check_po, read_po, write_messages, write_po  # noqa: E402
from read_c import read_tests, read_texts  # noqa: E402
from read_def import read_defs  # noqa: E402
from read_html import read_templates  # noqa: E402
from read_migration import read_migrations  # noqa: E402
from read_sql import read_statements  # noqa: E402
from write_html import write_pages  # noqa: E402
from write_module import write_module  # noqa: E402
from write_openapi import write_openapi  # noqa: E402
from write_routes import write_routes  # noqa: E402
from write_sql import write_migrations, write_statements  # noqa: E402
from write_tables import write_errors, write_events, write_rights, write_services, write_settings  # noqa: E402
from write_tests import write_tests  # noqa: E402

TABLES = (
    "errors.h errors.c rights.h rights.c events.h events.c settings.h settings.c stmts.h stmts.c migrations.c "
    "services.h services.c pages.h routes.c openapi.c messages.c tests.c"
).split()
READ = (".def", ".sql", ".html", "_test.c")


def open_project(src, keep=False):
    """The folders of src/modules.list that exist and hold something."""
    p = Project(keep)
    src = os.path.normpath(src)
    shown = os.path.basename(os.path.abspath(src))
    list_shown = shown + "/modules.list"
    try:
        with open(os.path.join(src, "modules.list"), encoding="utf-8") as f:
            lines = f.read().split("\n")
    except OSError as e:
        sys.exit(f"gen.py: cannot read {os.path.join(src, 'modules.list')}: {e.strerror}")
    names = set()
    for number, line in enumerate(lines, 1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        if len(words) != 2 or words[0] not in ("layer", "module", "app"):
            p.problems.add(Place(list_shown, number), "a line is `layer NAME`, `module NAME` or `app NAME`")
            continue
        kind, name = words
        if name in names:
            p.problems.add(Place(list_shown, number), f"`{name}` is listed already")
            continue
        names.add(name)
        f = Folder(kind, name, os.path.join(src, name), f"{shown}/{name}")
        if f.files(".def", ".sql", ".html", ".c", ".h"):
            p.folders.append(f)
        else:
            p.missing.add(name)
    if p.missing:
        p.notes.append("nothing yet in " + " ".join(n for n in sorted(p.missing)))
    return p


def read_all(p, c_texts=False, dropped=()):
    for f in p.folders:
        read_defs(p, f)
        read_migrations(p, f)
        if f.name not in ("base", "crypt"):
            read_statements(p, f)
        elif f.files(".sql"):
            p.problems.add(
                Place(f.shown, 1), "base and crypt lie below the store; put statements and migrations elsewhere"
            )
        read_templates(p, f)
        read_tests(p, f)
        if c_texts:
            read_texts(p, f)
    if dropped:
        keep_going.drop(p, dropped)
    build_index(p)
    check(p)
    check_templates(p)
    return p


def output_names(p):
    return TABLES + [f"{f.name}_gen.{end}" for f in p.folders for end in ("h", "c")]


def write_all(p, translations):
    files = {}
    for part in (
        write_errors,
        write_rights,
        write_events,
        write_settings,
        write_services,
        write_statements,
        write_migrations,
        write_routes,
        write_openapi,
    ):
        files.update(part(p))
    for f in p.folders:
        files.update(write_module(p, f))
    files.update(write_pages())
    files.update(write_messages(p, translations))
    files.update(write_tests(p))
    return files


def save(out, files):
    os.makedirs(out, exist_ok=True)
    changed = 0
    for name, text in files.items():
        path, data = os.path.join(out, name), text.encode("utf-8")
        if os.path.exists(path):
            with open(path, "rb") as f:
                if f.read() == data:
                    continue
        with open(path, "wb") as f:
            f.write(data)
        changed += 1
    # What a removed folder left behind would still be found by an include.
    for name in os.listdir(out):
        if name.endswith(("_gen.c", "_gen.h")) and name not in files:
            os.remove(os.path.join(out, name))
    return changed


def stop_on_problems(p):
    lines = p.problems.lines()
    if lines:
        print("\n".join(lines), file=sys.stderr)
        print(f"gen.py: {len(lines)} mistake{'s' if len(lines) > 1 else ''}, nothing written", file=sys.stderr)
        sys.exit(1)


def inputs(p, src, po):
    yield os.path.join(src, "modules.list")
    for f in p.folders:
        for name in f.files(*READ):
            yield os.path.join(f.path, name)
    if po and os.path.exists(os.path.join(po, "en.po")):
        yield os.path.join(po, "en.po")


def arguments():
    a = argparse.ArgumentParser(description="OneWindow's generator")
    a.add_argument("--src", default="src")
    a.add_argument("--po", default=None)
    a.add_argument("--out")
    # --tests is understood and does nothing: tests.c is always written.
    for flag in ("release", "tests", "list-inputs", "list-outputs", "extract", "quiet", "keep-going"):
        a.add_argument("--" + flag, action="store_true")
    args = a.parse_args()
    if args.po is None:
        args.po = os.path.join(os.path.dirname(os.path.abspath(args.src)), "po")
    return args


def main():
    args = arguments()
    p = open_project(args.src)
    if args.list_inputs:
        print("\n".join(inputs(p, os.path.normpath(args.src), args.po)))
        return
    if args.list_outputs:
        print("\n".join(output_names(p)))
        return
    if not args.out and not args.extract:
        sys.exit("gen.py: say --out DIR, --extract, --list-inputs or --list-outputs")
    keep = keep_going.wanted(args) and not args.extract
    if keep:
        p, said = keep_going.rounds(lambda dropped: read_all(open_project(args.src, True), False, dropped))
        print(
            "\n".join(said + [f"gen.py: {len(said)} mistakes, left out (--keep-going)"] if said else []),
            file=sys.stderr,
        )
        p.problems.found = []
    else:
        read_all(p, c_texts=args.extract or args.release)
    po_file = os.path.join(args.po, "en.po")
    translations = read_po(po_file, p.problems, lambda n: Place("po/en.po", n))
    if args.extract:
        print("\n".join(p.problems.lines()), end="\n" if p.problems.found else "", file=sys.stderr)
        print(write_po(po_file, p, translations))
        return
    check_po(p, translations, args.release)
    stop_on_problems(p)
    changed = save(args.out, write_all(p, translations))
    if not args.quiet:
        for note in p.notes:
            print(f"gen.py: {note}")
        print(f"gen.py: {changed} file{'' if changed == 1 else 's'} changed")


if __name__ == "__main__":
    main()
