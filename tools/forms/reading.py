"""What forms.txt says: the forms, the papers they are for, and what their samples are filled in with."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Form:
    def __init__(self, code, title):
        self.code, self.title = code, title
        self.to = ""
        self.papers = []  # item, position, {label: what the sample says here}
        self.rows = []  # [(label, lines, value)], one or two a row
        self.promises = []
        self.signs = []  # (who, name)


def id_number(text):
    """The last digit of an ID number written with * for it (GB 11643)."""
    if len(text) != 18 or text[-1] != "*":
        return text
    rest = sum(w * int(d) for w, d in zip(WEIGHTS, text)) % 11
    return text[:17] + "10X98765432"[rest]


def value_of(text):
    return "".join(id_number(word) if word.isascii() else word for word in split_words(text))


def split_words(text):
    words, word = [], ""
    for character in text:
        if word and (character in "0123456789*") != (word[-1] in "0123456789*"):
            words.append(word)
            word = ""
        word += character
    return [*words, word]


def cell(text):
    label, _, value = text.partition("=")
    label, _, lines = label.strip().partition("^")
    return label, int(lines or 1), value_of(value.strip())


def read(path):
    forms, form, shared = [], None, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        if word == "define":
            name, _, row = rest.partition(" ")
            shared.setdefault(name, []).append([cell(part) for part in row.split(" | ")])
        elif word == "use":
            form.rows += shared[rest]
        elif word == "form":
            code, _, title = rest.partition(" ")
            form = Form(code, title)
            forms.append(form)
        elif word == "to":
            form.to = rest
        elif word == "for":
            place, _, own = rest.partition(" ")
            item, _, position = place.partition(":")
            said = [cell(part) for part in own.split(" | ")] if own else []
            form.papers.append((item, position, {label: value for label, _, value in said}))
        elif word == "!":
            form.promises.append(rest)
        elif word == "sign":
            form.signs = [cell(part)[::2] for part in rest.split(" | ")]
        else:
            form.rows.append([cell(part) for part in line.split(" | ")])
    return forms
