"""Small things every writer of C needs: string literals, names, and a text that keeps #line right."""

import re

BACK = "\x01back"


def c_bytes(text):
    """The inside of a C string literal. `??` is broken up, because -std=c17 still knows trigraphs."""
    out = []
    for ch in text:
        if ch == "\\":
            out.append("\\\\")
        elif ch == '"':
            out.append('\\"')
        elif ch == "\n":
            out.append("\\n")
        elif ch == "\t":
            out.append("\\t")
        elif ch == "?":
            out.append("\\?" if out and out[-1] in ("?", "\\?") else "?")
        elif ord(ch) < 32 or ord(ch) == 127:
            out.append(f"\\{ord(ch):03o}")
        else:
            out.append(ch)
    return "".join(out)


def c_string(text):
    return "NULL" if text is None else '"' + c_bytes(text) + '"'


def c_long_string(text, indent="    "):
    """A literal over several lines, cut after each newline and at about 90 characters."""
    pieces = []
    for line in text.splitlines(keepends=True) or [""]:
        pieces += [line[i : i + 90] for i in range(0, len(line), 90)] or [""]
    return ("\n" + indent).join(c_string(p) for p in pieces)


def c_name(name):
    return re.sub(r"[^a-z0-9_]", "_", name)


def upper(name):
    return c_name(name).upper()


def outside(name):
    """The name in JSON and forms: `case_` is written so only because C keeps `case`."""
    return name.rstrip("_")


def size(text):
    return len(text.encode("utf-8"))


def head(what):
    return f"/* Written by tools/gen/gen.py: {what} Do not edit. */\n"


def guarded(name, body, what):
    macro = re.sub(r"[^A-Z0-9]", "_", name.upper())
    return f"{head(what)}#ifndef {macro}\n#define {macro}\n\n{body}\n#endif\n"


def finish(text, name):
    """Replaces the marks that end a template's #line by ones that point back into the written file."""
    out = []
    for line in text.split("\n"):
        if line == BACK:
            line = f'#line {len(out) + 2} "{name}"'
        out.append(line)
    return "\n".join(out)
