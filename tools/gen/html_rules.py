"""What tags and attributes mean, and what of them the program refuses to send: inline script and style,
event attributes, javascript: addresses, tags left open, a posting form without its key."""

VOID = set("area base br col embed hr img input link meta source track wbr".split())
URL_ATTRS = set(
    "href src action formaction poster data cite ping srcset background longdesc manifest xlink:href hx-get hx-post "
    "hx-put hx-delete hx-patch hx-push-url hx-replace-url sse-connect hx-sse:connect hx-ws:connect".split()
)
JSON_ATTRS = set("hx-vals hx-headers hx-request hx-vars".split())
# None of these may stand inside <p>: the browser would close the paragraph.
BLOCKS = set(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main menu "
    "nav ol p pre section table ul".split()
)
FOREIGN = ("svg", "math")
SPACE = " \t\n\r\f"


class HtmlRules:
    """The rules half of Html (html_context.py), which keeps the state these functions look at."""

    # --- what tags and attributes mean -----------------------------------------------------------

    def attr_done(self):
        a, v = self.attr, self.value.strip().lower()
        self.attrs[a] = self.value
        if not all(ch.isascii() and (ch.isalnum() or ch in "-_:.@") for ch in a):
            self.wrong(self.line, f"`{a}` is not the name of an attribute")
        if a.startswith("hx-on"):
            self.wrong(self.line, f"`{a}` needs eval, which the Content-Security-Policy forbids; use a file of assets/")
        elif a.startswith("on"):
            self.wrong(
                self.line, f"the event attribute `{a}` is not sent (Content-Security-Policy); use a file of assets/"
            )
        elif a == "style":
            self.wrong(self.line, 'style="…" is not sent (Content-Security-Policy); use a class')
        elif a in URL_ATTRS and v.replace("\t", "").replace("\n", "").startswith(("javascript:", "vbscript:")):
            self.wrong(self.line, f"`{v.split(':')[0]}:` address in `{a}`; use a button and a file of assets/")
        elif a == "href" and v.startswith("data:"):
            self.wrong(self.line, "a data: address cannot be a link")
        elif a.startswith("hx-") and v.startswith(("js:", "javascript:")):
            self.wrong(self.line, f"`{a}` with js: needs eval, which the Content-Security-Policy forbids")
        elif a == "hx-trigger" and "[" in v:
            self.wrong(self.line, "a filter […] in hx-trigger needs eval, which the Content-Security-Policy forbids")
        self.attr = ""

    def tag_end(self):
        self.state = "text"
        if self.closing:
            self.close(self.tag)
            return
        foreign = any(t in FOREIGN for t, _ in self.stack) or self.tag in FOREIGN
        if self.tag in BLOCKS and any(t == "p" for t, _ in self.stack):
            self.wrong(
                self.line,
                f"<{self.tag}> cannot stand inside <p> (line {[l for t, l in self.stack if t == 'p'][-1]}); close the paragraph first or use <div>",
            )
        if self.tag in VOID and not foreign:
            is_file = self.tag == "input" and self.attrs.get("type", "").strip().lower() == "file"
            if is_file and self.forms and not self.forms[-1][3]:
                self.wrong(self.line, 'a form with a file needs enctype="multipart/form-data"')
            return
        if self.self_closing:
            if foreign:
                return
            self.wrong(self.line, f"<{self.tag} /> does not close itself in HTML; write </{self.tag}>")
        self.stack.append((self.tag, self.line))
        if self.tag == "form":
            if self.forms:
                self.wrong(self.line, f"<form> inside <form> (line {self.forms[-1][0]})")
            is_post = self.attrs.get("method", "").strip().lower() == "post"
            takes_files = self.attrs.get("enctype", "").strip().lower() == "multipart/form-data"
            self.forms.append([self.line, is_post, False, takes_files])
        elif self.tag == "script":
            if "src" not in self.attrs:
                self.wrong(
                    self.line,
                    "inline <script> is not sent (Content-Security-Policy); put it in a file of assets/ and name it by src",
                )
            self.state = "raw"
        elif self.tag == "style":
            self.wrong(self.line, "<style> is not sent (Content-Security-Policy); put it in a file of assets/")
            self.state = "raw"
        elif self.tag in ("textarea", "title") and not foreign:
            self.state = "rcdata"

    def close(self, tag):
        if tag in VOID:
            self.wrong(self.line, f"</{tag}>: <{tag}> is never closed in HTML; remove it")
            return
        if not self.stack or self.stack[-1][0] != tag:
            if not any(t == tag for t, _ in self.stack):
                self.wrong(
                    self.line,
                    f"</{tag}> closes nothing here"
                    + (f"; <{self.stack[-1][0]}> of line {self.stack[-1][1]} is open" if self.stack else ""),
                )
                return
            self.wrong(
                self.line,
                f"</{tag}> comes while <{self.stack[-1][0]}> of line {self.stack[-1][1]} is open; close that first",
            )
            while self.stack[-1][0] != tag:
                self.stack.pop()
        self.stack.pop()
        if tag == "form" and self.forms:
            line, is_post, has_key, _ = self.forms.pop()
            if is_post and not has_key:
                self.wrong(line, 'a form with method="post" needs {% key %} inside, in every branch')

    def key(self, line):
        if self.state != "text" or not self.forms:
            self.wrong(line, "{% key %} stands inside a <form>")
        else:
            self.forms[-1][2] = True

    def end(self, line):
        if self.state != "text":
            where = {"comment": "a comment", "dq": f"attribute `{self.attr}`", "sq": f"attribute `{self.attr}`"}.get(
                self.state, f"<{self.tag or (self.stack and self.stack[-1][0])}>"
            )
            self.wrong(line, f"the template ends inside {where}")
        for tag, at in reversed(self.stack):
            self.wrong(at, f"<{tag}> is not closed in this template")
