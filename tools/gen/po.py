"""po/en.po: msgid (zh-CN) and msgstr (English), one `#:` line with the file a text comes from."""

import os
import re

from cwrite import c_string, head

CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


def unquote(s):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), s)


def quote(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def read_po(path, problems=None, place=None):
    """msgid → msgstr, those without a translation left out."""
    found, now, texts = {}, None, {}

    def keep():
        if texts.get("msgid") and texts.get("msgstr"):
            found[texts["msgid"]] = texts["msgstr"]

    if not os.path.exists(path):
        return found
    with open(path, encoding="utf-8", errors="replace") as f:
        for number, line in enumerate(f, 1):
            line = line.strip()
            m = re.match(r'(msgid|msgstr)\s+"((?:[^"\\]|\\.)*)"\Z', line)
            more = re.match(r'"((?:[^"\\]|\\.)*)"\Z', line)
            if m:
                if m.group(1) == "msgid":
                    keep()
                    texts = {}
                now = m.group(1)
                texts[now] = unquote(m.group(2))
            elif more and now:
                texts[now] += unquote(more.group(1))
            elif line and not line.startswith("#") and problems is not None:
                problems.add(place(number), f'cannot read `{line[:40]}`; a po file has msgid "…" and msgstr "…" lines')
    keep()
    return found


def holes(text):
    return sorted(set(re.findall(r"\{(\w+)\}", text)))


def check_po(project, translations, release):
    """Missing English texts and translations whose holes differ."""
    missing = []
    seen = set()
    for m in project.messages:
        if m.text in seen:
            continue
        seen.add(m.text)
        en = translations.get(m.text)
        if en is None:
            if CHINESE.search(m.text):
                missing.append(m)
        elif holes(en) != holes(m.text):
            project.problems.add(
                m.place,
                f'the English of "{m.text}" has the holes {holes(en)}, the Chinese {holes(m.text)}; mend po/en.po',
                lambda text=m.text: translations.pop(text),
            )
    if release:
        for m in missing:
            project.problems.add(
                m.place, f'no English for "{m.text}"; run gen.py --extract and translate it in po/en.po'
            )
    elif missing:
        project.notes.append(f"{len(missing)} of {len(seen)} texts have no English yet (po/en.po)")


MESSAGES_H = """struct message {
    const char *zh, *en; /* en NULL: no English yet */
};
extern const struct message message_table[]; /* sorted by zh, bytewise */
extern const int message_count;

"""


def write_messages(project, translations):
    """Every text known: those of the declarations, and those only po knows (they come from C)."""
    texts = sorted({m.text for m in project.messages} | set(translations), key=lambda t: t.encode("utf-8"))
    rows = "".join(f"    {{{c_string(t)}, {c_string(translations.get(t))}}},\n" for t in texts)
    c = head("texts and their English.") + "#include <stddef.h>\n\n" + MESSAGES_H
    c += f"const struct message message_table[] = {{\n{rows}    {{0}},\n}};\nconst int message_count = {len(texts)};\n"
    return {"messages.c": c}


def write_po(path, project, translations):
    """Writes po/en.po anew: texts in order of place, translations kept. Unused ones are dropped, but not
    while something in src/ cannot be read: its texts are only not seen."""
    order, first = [], {}
    for m in project.messages:
        if m.text not in first and CHINESE.search(m.text):
            first[m.text] = m.place
            order.append(m.text)
    out = [
        "# English of OneWindow. `./dev` runs gen.py --extract to add new texts; write the English in msgstr.",
        'msgid ""',
        'msgstr ""',
        '"Language: en\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        "",
    ]
    for t in order:
        out += [f"#: {first[t].file}", f"msgid {quote(t)}", f"msgstr {quote(translations.get(t, ''))}", ""]
    unused = [t for t in translations if t not in first]
    if project.problems.found:
        for t in unused:
            out += [
                "#: not seen, because of the mistakes in src/",
                f"msgid {quote(t)}",
                f"msgstr {quote(translations[t])}",
                "",
            ]
    text = "\n".join(out)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    old = open(path, encoding="utf-8").read() if os.path.exists(path) else None
    if old != text:
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    known = sum(1 for t in order if t in translations)
    return f"{path}: {len(order)} texts, {known} with English, {len(unused)} {'not seen' if project.problems.found else 'dropped'}"
