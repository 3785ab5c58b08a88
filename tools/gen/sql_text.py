"""Looking at SQL text without understanding it all: blanking strings and comments, splitting at commas,
and the names that one of the two databases keeps for itself."""

import re

# Kept by PostgreSQL 15 or SQLite 3.40 (or confusing in C); no table, column or parameter may have such a name.
RESERVED = set(
    """all analyse analyze and any array as asc asymmetric both case cast check collate column
constraint create current_date current_role current_time current_timestamp current_user default deferrable
desc distinct do else end except false fetch for foreign from grant group having in initially intersect into
lateral leading limit localtime localtimestamp not null offset on only or order placing primary references
returning select session_user some symmetric table then to trailing true union unique user using variadic when
where window with add alter between commit delete drop escape exists if index insert is isnull join natural
notnull nothing raise reindex set transaction update values autoincrement""".split()
)

# The shortest list every engineer should know; told first.
COMMON = ("case", "window", "user", "order", "group")

WRONG = (
    (re.compile(r"\bnow\s*\(", re.I), "now() is not used; take the time as a parameter from c->now"),
    (
        re.compile(r"\bcurrent_(timestamp|date|time)\b", re.I),
        "the database's clock is not used; take the time as a parameter from c->now",
    ),
    (
        re.compile(r"\b(random|datetime|strftime|julianday|gen_random_uuid|nextval)\s*\(", re.I),
        "this function is not the same on both databases; compute it in C",
    ),
    (
        re.compile(r"(?<![\w$.])\d+\.\d+|\b(real|float|double|numeric|decimal)\b", re.I),
        "floats are not used; count in whole units",
    ),
    (re.compile(r"\bavg\s*\(", re.I), "avg() gives a float; take sum() and count() and divide in C"),
    (re.compile(r"\breturning\s+\*", re.I), "RETURNING * is not used; name the columns"),
    (
        re.compile(r"\bselect\s+(distinct\s+)?\*|\w\.\*|,\s*\*\s*(,|\bfrom\b)", re.I),
        "SELECT * is not used; name the columns",
    ),
    (re.compile(r'"'), "text in double quotes is a name in PostgreSQL; use single quotes for text and plain names"),
    (re.compile(r"\?"), "parameters are $1, $2 …, not ?"),
    (re.compile(r"`|\[\w"), "only plain names are used, without ` or []"),
)

NAMES_AFTER = re.compile(r"\b(from|join|into|update|as|table)\s+(\w+)|\.(\w+)", re.I)


def blank(sql):
    """The same text with strings and comments turned to blanks; places stay where they are."""

    def spaces(m):
        s = m.group(0)
        inner = re.sub(r"[^\n]", " ", s)
        return "''" + inner[2:] if s[0] == "'" and len(s) > 1 else inner

    return re.sub(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", spaces, sql, flags=re.S)


def outer(sql):
    """Blanked text with everything inside parentheses blanked too."""
    out, depth = [], 0
    for ch in sql:
        if ch == ")":
            depth = max(0, depth - 1)
        out.append(ch if depth == 0 or ch == "\n" else " ")
        if ch == "(":
            depth += 1
    return "".join(out)


def split_commas(text):
    parts, depth, now = [], 0, ""
    for ch in text:
        if ch == "(":
            depth += 1
        elif ch == ")":
            depth -= 1
        if ch == "," and depth == 0:
            parts.append(now)
            now = ""
        else:
            now += ch
    return parts + [now]


def mistakes(blanked, migration=False):
    """(offset, text) of everything that is never allowed. In a migration ? belongs to the type words."""
    for pattern, text in WRONG:
        if migration and pattern.pattern == r"\?":
            continue
        for m in pattern.finditer(blanked):
            yield m.start(), text
    for m in NAMES_AFTER.finditer(blanked):
        name = (m.group(2) or m.group(3) or "").lower()
        # PostgreSQL allows no kept word as the name of a subquery; `AS NOT MATERIALIZED` names nothing.
        if name in COMMON or ((m.group(1) or "").lower() == "as" and name in RESERVED - {"not"}):
            yield m.start(), f"`{name}` is kept by the databases; choose another name (casefile, desk, staff …)"
    for m in re.finditer(r"\border\b(?!\s+by\b)|\bgroup\b(?!\s+by\b)|\bwindow\b|\buser\b", blanked, re.I):
        if not re.search(r"within\s+$", blanked[: m.start()], re.I):
            yield m.start(), f"`{m.group(0).lower()}` is kept by the databases; choose another name (casefile, desk, staff …)"


def name_problem(name):
    if name.lower() in RESERVED:
        return f"`{name}` is kept by the databases; choose another name (casefile, desk, staff …)"
    if not re.match(r"[a-z][a-z0-9_]*\Z", name):
        return f"`{name}` is not a name; use lower-case letters, digits and _"
    return None
