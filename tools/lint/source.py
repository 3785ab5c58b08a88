"""Reading C for the linter: the text without comments and strings, the strings with the call they
stand in, and the functions with their lengths. It is no parser: it knows brackets, comments and
quotes, which is enough for code in the project's own layout."""

import re

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)
CALL = re.compile(r"([A-Za-z_]\w*)\s*\($")
NOT_FUNCTIONS = {"if", "for", "while", "switch", "return", "sizeof", "do", "else"}


def blank(text):
    """The same text with comments and the insides of strings turned into spaces; lines stay."""

    def spaces(match):
        found = match.group(0)
        if found[0] in "\"'":
            return found[0] + " " * (len(found) - 2) + found[0]
        return re.sub(r"[^\n]", " ", found)

    return TOKEN.sub(spaces, text)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def strings(text):
    """(line, text of the literal, name of the call it stands in or "") for each string."""
    found, stack = [], []
    at, outside, before = 0, [], ""
    for match in TOKEN.finditer(text):
        _brackets(text, at, match.start(), stack, outside)
        if match.group(0)[0] == '"':
            call = next((name for name in reversed(stack) if name), "")
            # In a table, /* tr */ before a literal says that it goes through tr() later (the generator
            # collects it), and a literal goes on over several strings.
            if re.fullmatch(r"/\*\s*tr\s*\*/", before):
                call = "tr"
            found.append((line_of(text, match.start()), match.group(0)[1:-1], call))
        if match.group(0)[0] != '"':
            before = match.group(0)
        elif text[match.end():].lstrip()[:1] != '"':
            before = ""
        at = match.end()
    return found


def _brackets(text, start, end, stack, outside):
    for at in range(start, end):
        if text[at] == "(":
            call = CALL.search(text[max(start, at - 80):at + 1])
            stack.append(call.group(1) if call else "")
        elif text[at] == ")" and stack:
            stack.pop()
        elif text[at] in "{};":
            # A bracket never reaches over a block or a statement, but for( ; ; ) does not matter.
            if text[at] != ";":
                outside.extend(stack)
                stack.clear()


def functions(text):
    """(name, first line, number of lines from its opening to its closing brace)."""
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), blank(text), flags=re.M)
    found, depth, opened, name = [], 0, 0, None
    for match in re.finditer(r"[{}]", code):
        if match.group(0) == "{":
            if depth == 0:
                opened = match.start()
                name = _function_before(code, opened)
            depth += 1
        else:
            depth = max(0, depth - 1)
            if depth == 0 and name:
                first = line_of(code, opened)
                found.append((name, first, line_of(code, match.start()) - first + 1))
                name = None
    return found


def _function_before(code, at):
    before = code[:at].rstrip()
    if not before.endswith(")"):
        return None
    start = max(before.rfind(";"), before.rfind("}")) + 1
    match = re.search(r"([A-Za-z_]\w*)\s*\(", before[start:])
    return match.group(1) if match and match.group(1) not in NOT_FUNCTIONS else None
