"""Turns a template's nodes into C: follows the HTML context (html_context.py) and the types of the views,
and chooses for each hole the one call that is right there. Result: t.code, a list of ("lit", text) and
("c", line, code); write_html.py prints it."""

import re

from cwrite import c_string
from html_context import Html
from html_values import FILTERS, Refused, Value, Values
from model import C_KEYWORDS, C_TYPES, Place
from po import holes
from read_c import texts_of, unquote
from read_html import VALUE_TYPES, split_arguments

LITERAL = r'"((?:[^"\\]|\\.)*)"'
BRACED = r'\{(?P<c>=(?:"(?:[^"\\]|\\.)*"|[^{}"])*)\}'  # {=type EXPRESSION}, braces inside its texts too
FILLED = re.compile(
    r"(?P<name>[a-z][a-z0-9_]*)\s*=\s*(?:" + BRACED + r"|(?P<path>[a-z][\w>.-]*))(?:\s*\|\s*(?P<filter>\w+))?(?:\s+|\Z)"
)
GIVEN = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\s+(?P<value>" + LITERAL + "|" + BRACED + r'|[^\s"{]+)(?:\s+|\Z)')


class Compiler(Values):
    def __init__(self, project, template):
        self.p, self.t = project, template
        self.file = template.place.file
        self.html = Html(self.wrong)
        self.code = []
        self.scope = {}
        self.reach = {f.name for f in project.visible(template.folder)}
        self.bodies = 0

    def wrong(self, line, text, mend=None):
        self.p.problems.add(Place(self.file, line), text, mend)

    def find(self, kind, name):
        found = self.p.find(kind, name)
        return found if found and found.folder.name in self.reach else None

    def run(self):
        t = self.t
        for x in t.params:
            if x.name in self.scope:
                self.wrong(t.place.line, f"parameter `{x.name}` is named twice")
            if x.type in VALUE_TYPES:
                self.scope[x.name] = Value(x.name, x.type)
                continue
            self.scope[x.name] = Value(f"(*{x.name})", x.type, "list") if x.is_list else Value(x.name, x.type, "view")
            if self.find("views", x.type) is None:
                elsewhere = self.p.find("views", x.type)
                self.wrong(
                    t.place.line,
                    f"view `{x.type}` is in {elsewhere.folder.name}; add `needs {elsewhere.folder.name}` to {t.folder.name}.def"
                    if elsewhere
                    else f"`{x.type}` is neither a view nor one of {' '.join(VALUE_TYPES)}",
                )
        self.nodes(t.nodes)
        self.html.end(t.end_line)
        if t.kind == "layout" and self.bodies != 1:
            self.wrong(t.place.line, f"layout `{t.name}` needs one {{% body %}}, it has {self.bodies}")
        t.code = self.code
        if t.layout:
            self.uses()

    # --- output -----------------------------------------------------------------------------------

    def lit(self, text):
        if text:
            if self.code and self.code[-1][0] == "lit":
                self.code[-1] = ("lit", self.code[-1][1] + text)
            else:
                self.code.append(("lit", text))

    def c(self, line, code):
        self.code.append(("c", line, code))

    def guarded(self, guards, code):
        return f"if ({' && '.join(g + ' != NULL' for g in guards)}) {{ {code} }}" if guards else code

    # --- nodes ------------------------------------------------------------------------------------

    def nodes(self, nodes):
        for n in nodes:
            try:
                getattr(self, "node_" + n.kind)(n)
            except Refused as e:
                self.wrong(n.line, str(e))
                if n.kind == "hole":
                    self.html.hole()

    def node_text(self, n):
        self.lit(self.html.feed(n.text, n.line))

    def node_hole(self, n):
        place, why = self.html.place()
        if place == "bad":
            raise Refused(why)
        text = n.text
        if re.match(r"_\s*\"", text):
            self.translated(n, text[1:].strip(), place)
        elif re.match(r"asset\b", text):
            m = re.match(r"asset\s+" + LITERAL + r"\Z", text)
            if not m:
                raise Refused('write {{ asset "name" }}')
            self.c(n.line, f"html_asset(b, {c_string(unquote(text[5:]))});")
        else:
            value, wanted = self.filtered(text)
            for found, _ in texts_of(text, self.file):
                self.p.say(found, Place(self.file, n.line))
            v = self.typed(value)
            self.c(n.line, self.guarded(v.guards, self.print_call(v, wanted, place)))
        self.html.hole()

    def filtered(self, text):
        m = re.match(r"(.*?)\s*\|\s*(\w+)\s*\Z", text, re.S)
        if m and (m.group(2) in FILTERS or not text.lstrip().startswith("=")):
            if m.group(2) not in FILTERS:
                raise Refused(f"filter `{m.group(2)}` is not known; use {' '.join(FILTERS)}")
            return m.group(1), m.group(2)
        return text, None

    def translated(self, n, text, place):
        if place in ("url", "url_part", "json"):
            raise Refused("a translated text does not belong in an address or JSON")
        m = re.match(LITERAL, text)
        if not m:
            raise Refused('write {{_ "文字" name=hole }}')
        message = unquote(m.group(0))
        self.p.say(message, Place(self.file, n.line))
        args, rest = [], text[m.end() :].strip()
        while rest:
            a = FILLED.match(rest)
            if not a:
                raise Refused(f"cannot read `{rest}`; write name=path, name=path|filter or name={{=int EXPRESSION}}")
            if a["filter"] and a["filter"] not in FILTERS:
                raise Refused(f"filter `{a['filter']}` is not known; use {' '.join(FILTERS)}")
            args.append((a["name"], self.typed(a["c"] or a["path"]), a["filter"]))
            rest = rest[a.end() :]
        if sorted({a[0] for a in args}) != holes(message) or len({a[0] for a in args}) != len(args):
            raise Refused(f"the text has the holes {holes(message)}, but values come for {[a[0] for a in args]}")
        if not args:
            self.c(n.line, f"html_text(b, tr(c, {c_string(message)}));")
            return
        code = "{ "
        for i, (_, v, wanted) in enumerate(args):
            code += f"struct buf h{i}_; buf_init(&h{i}_, c->arena, PAGE_HOLE_BYTES); "
            code += self.guarded(v.guards, self.print_call(v, wanted, "attr", f"&h{i}_")) + " "
        rows = ", ".join(f'{{"{name}", buf_as_str(&h{i}_)}}' for i, (name, _, _) in enumerate(args))
        self.c(
            n.line,
            code
            + f"const struct page_hole p_[] = {{{rows}}}; page_fill(b, tr(c, {c_string(message)}), p_, {len(args)}); }}",
        )

    def node_if(self, n):
        start, ends = self.html.save(), []
        for i, (condition, line, nodes) in enumerate(n.branches):
            if condition is not None:
                for found, _ in texts_of(condition, self.file):
                    self.p.say(found, Place(self.file, line))
                self.c(line, ("if (" if i == 0 else "} else if (") + condition + ") {")
            else:
                self.c(line, "} else {")
            self.html.load(start)
            self.nodes(nodes)
            ends.append(self.html.save())
        if n.branches[-1][0] is not None:
            ends.append(start)
        self.c(n.line, "}")
        self.html.merge(ends, n.line, "if")

    def node_for(self, n):
        v = self.path(n.text.lstrip("*"))
        if v.shape not in ("list", "texts"):
            raise Refused(f"`{n.text}` is not a list")
        x = n.name
        if x in self.scope or x in C_KEYWORDS or x in ("b", "c"):
            raise Refused(f"the name `{x}` is used already; choose another one")
        start, ends = self.html.save(), []
        exists = " && ".join(f"{g} != NULL" for g in v.guards)
        if exists:
            self.c(n.line, f"if ({exists}) {{")
        self.c(n.line, f"for (size_t {x}_at = 0; {x}_at < {v.c}.n; {x}_at++) {{")
        kind = "struct str " if v.shape == "texts" else f"const struct {v.type} *"
        self.c(n.line, f"{kind}{x} = {'' if v.shape == 'texts' else '&'}{v.c}.v[{x}_at]; (void){x};")
        kept = dict(self.scope)
        self.scope[x] = Value(x, "text") if v.shape == "texts" else Value(x, v.type, "view")
        self.scope[x + "_at"] = Value(f"(int64_t){x}_at", "int")
        self.nodes(n.branches[0][2])
        self.scope = kept
        ends = [start, self.html.save()]
        self.c(n.line, "}" + (" }" if exists else ""))
        if len(n.branches) > 1:
            line = n.branches[1][1]
            self.c(line, f"if ({'!(' + exists + ') || ' if exists else ''}{v.c}.n == 0) {{")
            self.html.load(start)
            self.nodes(n.branches[1][2])
            ends.append(self.html.save())
            self.c(line, "}")
        self.html.merge(ends, n.line, "for")

    def node_call(self, n):
        part = self.find("templates", n.name)
        if part is None or part.kind != "part":
            elsewhere = self.p.find("templates", n.name)
            raise Refused(
                f"part `{n.name}` is in {elsewhere.folder.name}; add `needs {elsewhere.folder.name}` to {self.t.folder.name}.def"
                if elsewhere and elsewhere.kind == "part"
                else f"part `{n.name}` does not exist"
            )
        if self.html.state != "text":
            raise Refused("{% call %} stands in text, not inside a tag")
        texts = [x for x in split_arguments(n.text) if x.strip()]
        if len(texts) != len(part.params):
            raise Refused(f"part `{n.name}` takes {len(part.params)} values, not {len(texts)}")
        guards, args = [], []
        for text, param in zip(texts, part.params):
            v = self.argument(text.strip(), param, n.line)
            guards += v.guards
            args.append(v.c)
        self.c(n.line, self.guarded(guards, f"{part.name}(b, c" + "".join(", " + a for a in args) + ");"))
        self.html.last = ""

    def argument(self, text, param, line):
        """A value given to a part or layout: a path, a number, a text, a flag or =type EXPRESSION."""
        m = re.match(r"_?\s*" + LITERAL + r"\Z", text)
        if text.startswith("{") and text.endswith("}"):
            text = text[1:-1]
        if m:
            message = unquote(m.group(0))
            self.p.say(message, Place(self.file, line))
            v = Value(f"tr(c, {c_string(message)})", "text")
        elif re.match(r"-?\d+\Z", text):
            v = Value(text, param.type if param.type in ("int", "id") else "int")
        elif text in ("true", "false"):
            v = Value(text, "flag")
        else:
            v = self.typed(text)
        if param.type in VALUE_TYPES:
            if v.shape != "plain" or C_TYPES.get(v.type) != C_TYPES[param.type] or (v.type == "json"):
                raise Refused(
                    f"`{text}` is {v.type if v.shape == 'plain' else 'not one value'}, but `{param.name}` is {param.type}"
                )
            return v
        if param.is_list and v.type == param.type and v.shape == "list":
            return Value("&" + v.c, v.type, "view", v.guards)
        if v.type != param.type or v.shape not in ("view", "member", "optional") or param.is_list:
            raise Refused(
                f"`{text}` is {v.type}{'[]' if v.shape == 'list' else ''}, but `{param.name}` is {param.type}{'[]' if param.is_list else ''}"
            )
        if v.shape == "member":
            return Value("&" + v.c, v.type, "view", v.guards)
        return Value(v.c, v.type, "view", v.guards + ([v.c] if v.shape == "optional" else []))

    def node_body(self, n):
        if self.t.kind != "layout":
            raise Refused("{% body %} belongs in a layout")
        if self.html.state != "text":
            raise Refused("{% body %} stands in text, not inside a tag")
        self.bodies += 1
        self.c(n.line, "body_(b, c, args_);")
        self.html.last = ""

    def node_key(self, n):
        self.html.key(n.line)
        self.c(n.line, "html_key(b, c);")
        self.html.last = ""

    def uses(self):
        t, line = self.t, self.t.place.line
        layout = self.find("templates", t.layout)
        if layout is None or layout.kind != "layout":
            self.wrong(
                line,
                f"layout `{t.layout}` does not exist or is in a folder that {t.folder.name} does not need",
                lambda: setattr(t, "layout", None),
            )
            return
        given, rest = {}, t.layout_text.strip()
        while rest:
            m = GIVEN.match(rest)
            if not m:
                self.wrong(line, f"cannot read `{rest}`; write {' '.join(x.name + ' VALUE' for x in layout.params)}")
                return
            given[m["name"]] = m["value"]
            rest = rest[m.end() :]
        t.layout_args = []
        for x in layout.params:
            if x.name not in given:
                self.wrong(line, f"layout `{t.layout}` needs `{x.name}`; write uses {t.layout} {x.name} …")
                continue
            try:
                v = self.argument(given.pop(x.name), x, line)
                if v.guards:
                    raise Refused("a value of a layout cannot come through an optional view")
                t.layout_args.append(v.c)
            except Refused as e:
                self.wrong(line, str(e))
        for name in given:
            self.wrong(
                line,
                f"layout `{t.layout}` has no parameter `{name}`; it has: {' '.join(x.name for x in layout.params) or 'none'}",
            )


def check_part_circles(project):
    """A part that calls itself, also by way of others, would never end unless data ends it: allowed for trees, so only told when it has no condition."""
    for t in project.every("templates"):
        if t.kind == "part" and any(n.kind == "call" and n.name == t.name for n in t.nodes):
            project.problems.add(t.place, f"part `{t.name}` calls itself without a condition")


def settle_parameters(project, t):
    """`X[]` and `X_list` are the same parameter; known before any template calls another."""
    for x in t.params:
        is_struct = (
            x.type.endswith("_list") and project.find("views", x.type) is None and project.find("views", x.type[:-5])
        )
        if x.type.endswith("[]") or is_struct:
            x.type, x.is_list = re.sub(r"(\[\]|_list)\Z", "", x.type), True


def check_templates(project):
    for t in project.every("templates"):
        settle_parameters(project, t)
    for t in project.every("templates"):
        Compiler(project, t).run()
    check_part_circles(project)
