"""Knows where in an HTML document the next byte lands, so that each hole gets the right escaping, and
its rules (html_rules.py) are asked at the end of each tag and attribute."""

from html_rules import JSON_ATTRS, SPACE, URL_ATTRS, HtmlRules


class Html(HtmlRules):
    """One template's reading state. `wrong(line, text)` is told of every mistake."""

    def __init__(self, wrong):
        self.wrong = wrong
        self.state = "text"
        self.stack = []  # (tag, line)
        self.forms = []  # [line, is_post, has_key, takes_files]
        self.tag, self.closing, self.self_closing = "", False, False
        self.attrs = {}
        self.attr, self.value, self.started = "", "", False
        self.last = "\n"
        self.line = 0

    # --- branches of {% if %} ---------------------------------------------------------------

    def save(self):
        # A tag or attribute name ends where a directive stands.
        if self.state == "tag_name":
            self.state = "tag"
        elif self.state == "attr":
            self.attr_done()
            self.state = "tag"
        return (
            self.state,
            list(self.stack),
            [list(f) for f in self.forms],
            self.tag,
            self.closing,
            self.self_closing,
            dict(self.attrs),
            self.attr,
            self.value,
            self.started,
            self.last,
        )

    def load(self, s):
        (
            self.state,
            stack,
            forms,
            self.tag,
            self.closing,
            self.self_closing,
            attrs,
            self.attr,
            self.value,
            self.started,
            self.last,
        ) = s
        self.stack, self.forms, self.attrs = list(stack), [list(f) for f in forms], dict(attrs)

    @staticmethod
    def shape(s):
        inside = s[0] not in ("text", "comment", "doctype")
        return s[0], [t for t, _ in s[1]], len(s[2]), inside and s[3], s[7] if s[0] in ("dq", "sq", "unquoted") else ""

    def merge(self, ends, line, what):
        """Goes on after branches that ended in the states `ends`; they must agree."""
        first = ends[0]
        for s in ends[1:]:
            if self.shape(s) != self.shape(first):
                self.wrong(
                    line,
                    f"the branches of {{% {what} %}} end in different places ({self.describe(first)}; {self.describe(s)}); "
                    "close in each branch what it opens",
                )
                break
        self.load(first)
        self.started = any(s[9] for s in ends)
        for s in ends[1:]:
            self.attrs.update(s[6])
            for mine, other in zip(self.forms, s[2]):
                mine[1], mine[2] = mine[1] or other[1], mine[2] and other[2]
        self.last = ""

    @staticmethod
    def describe(s):
        open_ = " ".join(f"<{t}>" for t, _ in s[1][-3:]) or "no tag"
        return f"{open_} open" + ("" if s[0] == "text" else f", inside {s[0]}")

    # --- holes --------------------------------------------------------------------------------

    def place(self):
        """Where a hole would land: (kind, why), kind one of text, attr, url, url_part, json, bad."""
        s = self.state
        if s in ("text", "rcdata"):
            return "text" if s == "text" else "rcdata", ""
        if s in ("dq", "sq"):
            a = self.attr
            if a.startswith("on") or a.startswith("hx-on"):
                return "bad", f"a hole in the event attribute `{a}`"
            if a == "style":
                return "bad", "a hole in a style attribute"
            if a in JSON_ATTRS:
                return "json", ""
            if a in URL_ATTRS:
                if not self.started:
                    return "url", ""
                if self.value.strip().lower().startswith(("tel:", "mailto:", "sms:")):
                    return "attr", ""
                return "url_part", ""
            return "attr", ""
        why = {
            "raw": f"a hole in <{self.stack[-1][0] if self.stack else 'script'}>",
            "comment": "a hole in a comment",
            "doctype": "a hole in the doctype",
            "before_value": "a hole in an unquoted attribute; put the value in double quotes",
            "unquoted": "a hole in an unquoted attribute; put the value in double quotes",
        }
        return "bad", why.get(s, "a hole in a tag or attribute name")

    def hole(self):
        """A hole was put here."""
        self.started = True
        self.last = ""

    # --- text ---------------------------------------------------------------------------------

    def feed(self, text, line):
        """Reads literal text; returns it as it is to be sent (blanks between tags shortened)."""
        self.out, self.line = [], line
        at, n = 0, len(text)
        while at < n:
            at += getattr(self, "in_" + self.state)(text, at)
        return "".join(self.out)

    def put(self, text):
        self.out.append(text)
        self.last = text[-1] if text else self.last
        self.line += text.count("\n")

    def blank(self, ch):
        """A blank between tags or attributes: runs become one, line ends stay."""
        if ch in "\n\r":
            while self.out and self.out[-1] in (" ", "\t"):
                self.out.pop()
                self.last = self.out[-1][-1] if self.out else ""
            if self.last != "\n" and ch == "\n":
                self.out.append("\n")
                self.last = "\n"
            self.line += ch == "\n"
        elif self.last not in (" ", "\n"):
            self.out.append(" ")
            self.last = " "

    def keeps_blanks(self):
        return any(t in ("pre", "textarea") for t, _ in self.stack)

    def in_text(self, text, at):
        ch = text[at]
        if ch != "<":
            if ch in SPACE and not self.keeps_blanks():
                self.blank(ch)
            else:
                self.put(ch)
            return 1
        rest = text[at : at + 9]
        if rest.startswith("<!--"):
            self.state = "comment"
            self.put("<!--")
            return 4
        if rest.startswith("<!"):
            self.state = "doctype"
            self.put("<!")
            return 2
        closing = rest.startswith("</")
        begin = 2 if closing else 1
        if not rest[begin : begin + 1].isalpha() or not rest[begin : begin + 1].isascii():
            self.wrong(
                self.line,
                "`<` alone is written &lt;"
                if len(rest) > begin
                else "a hole or a break in a tag name; write the tag's name out",
            )
            self.put(ch)
            return 1
        self.state, self.tag, self.closing, self.self_closing, self.attrs = "tag_name", "", closing, False, {}
        self.put(rest[:begin])
        return begin

    def in_comment(self, text, at):
        end = text.find("-->", at)
        stop = len(text) if end < 0 else end + 3
        self.put(text[at:stop])
        if end >= 0:
            self.state = "text"
        return stop - at

    def in_doctype(self, text, at):
        self.put(text[at])
        if text[at] == ">":
            self.state = "text"
        return 1

    def in_tag_name(self, text, at):
        ch = text[at]
        if ch.isascii() and (ch.isalnum() or ch == "-"):
            self.tag += ch.lower()
            self.put(ch)
            return 1
        self.state = "tag"
        return 0

    def in_tag(self, text, at):
        ch = text[at]
        if ch in SPACE:
            self.blank(ch)
        elif ch == ">":
            self.put(ch)
            self.tag_end()
        elif ch == "/":
            self.self_closing = True
            self.put(ch)
        elif ch in "\"'<=":
            self.wrong(self.line, f"`{ch}` is out of place in <{self.tag}>; is a quote missing or too many?")
            self.put(ch)
        else:
            self.state, self.attr, self.value, self.started = "attr", "", "", False
            return 0
        return 1

    def in_attr(self, text, at):
        ch = text[at]
        if ch in SPACE or ch in "/>":
            self.attr_done()
            self.state = "tag"
            return 0
        self.put(ch)
        if ch == "=":
            self.state = "before_value"
        else:
            self.attr += ch.lower()
        return 1

    def in_before_value(self, text, at):
        ch = text[at]
        if ch in "\"'":
            self.put(ch)
            self.state = "dq" if ch == '"' else "sq"
            return 1
        if ch in SPACE or ch == ">":
            self.wrong(self.line, f"attribute `{self.attr}` has no value after =")
            self.state = "tag"
            return 0
        self.state = "unquoted"
        return 0

    def quoted(self, text, at, quote):
        ch = text[at]
        self.put(ch)
        if ch == quote:
            self.attr_done()
            self.state = "tag"
        else:
            self.value += ch
            self.started = True
        return 1

    def in_dq(self, text, at):
        return self.quoted(text, at, '"')

    def in_sq(self, text, at):
        return self.quoted(text, at, "'")

    def in_unquoted(self, text, at):
        ch = text[at]
        if ch in SPACE or ch == ">":
            self.attr_done()
            self.state = "tag"
            return 0
        self.value += ch
        self.put(ch)
        return 1

    def in_raw(self, text, at):
        return self.until_close(text, at, True)

    def in_rcdata(self, text, at):
        return self.until_close(text, at, False)

    def until_close(self, text, at, must_be_blank):
        tag = self.stack[-1][0]
        end = text.lower().find("</" + tag, at)
        stop = len(text) if end < 0 else end
        piece = text[at:stop]
        if must_be_blank and piece.strip():
            self.wrong(
                self.line,
                f'inline <{tag}> is not sent (Content-Security-Policy); put it in a file of assets/ and name it with {{{{ asset "…" }}}}',
            )
        self.put(piece)
        if end >= 0:
            self.state = "text"
        return stop - at
