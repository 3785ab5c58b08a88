"""Declarations that nobody uses. The generator turns each into C names; here we look whether any C
file, template or other declaration names them. Dead words in a .def cost every reader a search."""

import re

ERROR = re.compile(r"^error\s+(\w+)", re.M)
EVENT = re.compile(r"^event\s+([\w.]+)", re.M)
SETTING = re.compile(r"^setting\s+([\w.]+)", re.M)
TOPIC = re.compile(r"^topic\s+(\w+)", re.M)
RIGHT = re.compile(r"^right\s+([\w.]+)", re.M)
VIEW = re.compile(r"^view\s+(\w+)", re.M)
FORM = re.compile(r"^form\s+(\w+)", re.M)
STATEMENT = re.compile(r"^--\s*:(?:one|maybe|many|exec)\s+(\w+)", re.M)
# A few errors are made by the program itself rather than named in the code of a folder.
WORD = re.compile(r"[A-Za-z_]\w*")


def upper(prefix, name):
    return prefix + name.replace(".", "_").upper()


def unused(files):
    """(path, line, what) for each; files: path → text of the whole project."""
    words = set()
    for path, text in files.items():
        if path.startswith(("src/", "tests/", "bench/")) and path.endswith((".c", ".h", ".html")):
            words.update(WORD.findall(re.sub(r"/\*.*?\*/", " ", text, flags=re.S)))
    defs = {p: t for p, t in files.items() if p.startswith("src/") and p.endswith(".def")}
    in_defs = "\n".join(re.sub(r"#.*", "", t) for t in defs.values())
    routes = "\n".join(line for line in in_defs.split("\n") if line.startswith("route"))
    members = "\n".join(line for line in in_defs.split("\n") if line.startswith((" ", "\t")))
    listeners = set(w for line in in_defs.split("\n") if line.startswith("event") for w in WORD.findall(line.rsplit('"', 1)[-1]))
    route_words = set(re.findall(r"[\w.]+", routes))
    member_types = set(WORD.findall(re.sub(r'"[^"]*"', "", members)))
    for path, text in defs.items():
        checks = [(ERROR, "error", lambda n: upper("E_", n) in words),
                  (EVENT, "event", lambda n: upper("EV_", n) in words),
                  (SETTING, "setting", lambda n: "setting_" + n.replace(".", "_") in words),
                  (TOPIC, "topic", lambda n: upper("TOPIC_", n) in words or n in listeners),
                  (RIGHT, "right", lambda n: upper("RIGHT_", n) in words or n in route_words),
                  (VIEW, "view", lambda n: n in words or n in member_types or n in route_words),
                  (FORM, "form", lambda n: f"({n})" in routes)]
        for pattern, kind, is_used in checks:
            for match in pattern.finditer(text):
                if not is_used(match.group(1)):
                    yield path, text.count("\n", 0, match.start()) + 1, f"{kind} {match.group(1)} is declared but never used"
    for path, text in files.items():
        if path.startswith("src/") and path.endswith(".sql"):
            for match in STATEMENT.finditer(text):
                name = match.group(1)
                if not {name, name + "_changes"} & words and not re.search(rf"->\s*{name}\b", text):
                    yield path, text.count("\n", 0, match.start()) + 1, f"statement {name} is declared but never used"
