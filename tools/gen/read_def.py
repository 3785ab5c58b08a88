"""Reads NAME.def: one declaration a line, indented lines below `view` and `form` (docs/declarations.md)."""

import os
import re

import model
from model import Place

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(->)|([()])|([^\s"()#]+)|(#.*)')
FIELD_TYPES = ("text int id flag date instant phone id_no uscc token choice password texts json file").split()
FIELD_WORDS = ("path", "required", "label", "min", "max", "default", "computed")
MEMBER_TYPES = ("id", "text", "int", "flag", "date", "instant", "json")
METHODS = ("GET", "POST", "PUT", "DELETE")


class Text(str):
    """A token that was written in quotes."""


class Refused(Exception):
    """What is wrong with the line being read."""


def tokens(line):
    found, at = [], 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        if line[at] == "#" and at > 0 and not line[at - 1].isspace():
            raise Refused("`#` starts a comment and needs a blank before it")
        m = TOKEN.match(line, at)
        if not m:
            raise Refused(f"cannot read from `{line[at:at + 20]}`; is a quote left open?")
        if m.group(5) is not None:
            break
        if m.group(1) is not None:
            found.append(Text(re.sub(r"\\(.)", lambda e: {"n": "\n"}.get(e.group(1), e.group(1)), m.group(1))))
        else:
            found.append(m.group(0))
        at = m.end()
    return found


class Words:
    """The words of one line, taken from the left."""

    def __init__(self, found):
        self.left = found

    def __bool__(self):
        return bool(self.left)

    def peek(self):
        return self.left[0] if self.left else None

    def word(self, what):
        if not self.left or isinstance(self.left[0], Text):
            raise Refused(
                f"expected {what}" + (f' before "{self.left[0]}"' if self.left else " at the end of the line")
            )
        return self.left.pop(0)

    def text(self, what):
        if not self.left or not isinstance(self.left[0], Text):
            raise Refused(
                f"expected {what} in double quotes"
                + (f" before `{self.left[0]}`" if self.left else " at the end of the line")
            )
        return str(self.left.pop(0))

    def name(self, what):
        w = self.word(what)
        if not model.NAME.match(w):
            raise Refused(f"`{w}` is not a name; use lower-case letters, digits and _ for {what}")
        return w

    def dotted(self, what):
        w = self.word(what)
        if not model.DOTTED.match(w):
            raise Refused(f"`{w}` is not a name; use lower-case letters, digits, _ and dots for {what}")
        return w

    def number(self, what):
        w = self.word(what)
        if not re.match(r"-?\d{1,18}\Z", w):
            raise Refused(f"`{w}` is not a whole number; expected {what}")
        return int(w)

    def end(self):
        if self.left:
            raise Refused(f"`{self.left[0]}` is not understood here; remove it")


class DefReader:
    def __init__(self, project, folder, path, shown):
        self.project, self.folder, self.path, self.shown = project, folder, path, shown
        self.block = None
        self.place = Place(shown, 1)

    def read(self):
        with open(self.path, encoding="utf-8", errors="replace") as f:
            text = f.read()
        for number, line in enumerate(text.split("\n"), 1):
            self.place = Place(self.shown, number)
            try:
                found = tokens(line)
                if not found:
                    continue
                if line[0] in " \t":
                    if self.block is None:
                        raise Refused("an indented line belongs below `view` or `form`; start the line at the left")
                    self.inner(Words(found))
                else:
                    self.block = None
                    self.outer(Words(found))
            except Refused as e:
                self.project.problems.add(self.place, str(e))

    def outer(self, w):
        word = w.word("a declaration")
        read = getattr(self, "read_" + word, None) if model.NAME.match(word) else None
        if read is None:
            raise Refused(
                f"`{word}` is not a declaration; use needs role right error topic event setting service "
                "job importer exporter demo view form route"
            )
        read(w)
        w.end()

    def inner(self, w):
        if isinstance(self.block, model.View):
            self.read_member(w)
        elif isinstance(self.block, model.Form):
            self.read_field(w)
        w.end()

    def put(self, kind, cls, name, **rest):
        d = cls(name, self.place, self.folder, **rest)
        getattr(self.folder, kind).append(d)
        return d

    def say(self, text):
        self.project.say(text, self.place)
        return text

    def read_needs(self, w):
        while w:
            n = w.name("a folder")
            if n not in self.folder.needs:
                self.folder.needs.append(n)
        self.folder.needs_place = self.place

    def read_role(self, w):
        self.put("roles", model.Role, w.name("the role"), title=self.say(w.text("the role's title")))

    def read_right(self, w):
        name, title = w.dotted("the right"), self.say(w.text("the right's title"))
        roles = []
        while w:
            roles.append(w.word("a role"))
        if not roles:
            raise Refused(f"right `{name}` has no role; name roles, `staff` or *")
        self.put("rights", model.Right, name, title=title, roles=roles)

    def read_error(self, w):
        name, status, sentence, hint = (
            w.name("the error"),
            w.number("the HTTP status"),
            self.say(w.text("the sentence")),
            None,
        )
        if not 400 <= status <= 599:
            raise Refused(f"status {status} is not one of an error; use 400 to 599")
        if w.peek() == "hint":
            w.word("hint")
            hint = self.say(w.text("the hint"))
        self.put("errors", model.Error, name, status=status, sentence=sentence, hint=hint)

    def read_topic(self, w):
        self.put("topics", model.Topic, w.name("the topic"))

    def read_event(self, w):
        name, sentence, topics, visitor = w.dotted("the event"), self.say(w.text("the sentence")), [], False
        if w.peek() == "to":
            w.word("to")
            while w:
                t = w.name("a topic")
                if t == "visitor":
                    visitor = True
                else:
                    topics.append(t)
        self.put("events", model.Event, name, sentence=sentence, topics=topics, to_visitor=visitor)

    def read_setting(self, w):
        name, kind = w.dotted("the setting"), w.word("int, flag or text")
        s = dict(type=kind, min=None, max=None)
        if kind == "int":
            s["default"] = w.number("the default")
        elif kind == "flag":
            s["default"] = w.number("0 or 1")
            if s["default"] not in (0, 1):
                raise Refused("a flag is 0 or 1")
        elif kind == "text":
            s["default"] = w.text("the default")
        else:
            raise Refused(f"`{kind}` is not a type of setting; use int, flag or text")
        while w.peek() in ("min", "max"):
            which = w.word("min")
            s[which] = w.number(f"the {which}")
        s["title"] = self.say(w.text("the setting's title"))
        if (
            kind == "int"
            and not (s["min"] is None or s["min"] <= s["default"])
            or kind == "int"
            and not (s["max"] is None or s["default"] <= s["max"])
        ):
            raise Refused(f"the default {s['default']} is outside min and max")
        self.put("settings", model.Setting, name, **s)

    def read_service(self, w):
        self.put(
            "services",
            model.Service,
            w.name("the service"),
            start=w.name("the start function"),
            stop=w.name("the stop function"),
        )

    def read_job(self, w):
        name, seconds, run = w.dotted("the job"), w.number("seconds"), w.name("the function")
        if not 1 <= seconds <= 86400:
            raise Refused(f"a job runs every 1 to 86400 seconds, not {seconds}")
        self.put("jobs", model.Job, name, seconds=seconds, run=run)

    def read_importer(self, w):
        self.put_table("importer", w)

    def read_exporter(self, w):
        self.put_table("exporter", w)

    def put_table(self, word, w):
        name, run = w.name(f"the {word}"), w.name("the function")
        self.put(word + "s", model.TableKind, name, run=run, title=self.say(w.text("the title")))

    def read_demo(self, w):
        self.put("demos", model.Demo, w.name("the function"))

    def need_web(self, word):
        if not self.folder.has_web():
            raise Refused(f"a layer below or beside web cannot have a {word}; put it in a domain folder or in web")

    def read_view(self, w):
        self.need_web("view")
        self.block = self.put("views", model.View, w.name("the view"))

    def read_member(self, w):
        name, kind = w.name("the member"), w.word("the type")
        self.check_member(name, self.block.members)
        m = re.match(r"([a-z][a-z0-9_]*)(\?|\[\])?\Z", kind)
        if not m:
            raise Refused(f"`{kind}` is not a type; use {' '.join(MEMBER_TYPES)}, a view, VIEW?, VIEW[] or text[]")
        base, mark = m.group(1), m.group(2)
        if base in MEMBER_TYPES and mark and kind != "text[]":
            raise Refused(f"`{kind}` is not a type; only a view can be optional or a list (and text[])")
        shape = (
            "texts"
            if kind == "text[]"
            else "plain"
            if base in MEMBER_TYPES
            else {None: "view", "?": "optional", "[]": "list"}[mark]
        )
        hidden = w.peek() == "hidden" and not isinstance(w.peek(), Text)
        if hidden:
            w.word("hidden")
        about = w.text("the description") if w else ""
        self.block.members.append(model.Member(name, self.place, self.folder, base, shape, hidden, about))

    def check_member(self, name, others):
        if name in model.C_KEYWORDS:
            raise Refused(f"`{name}` is a word of C; write `{name}_` (outside it is still called `{name}`)")
        if any(o.name.rstrip("_") == name.rstrip("_") for o in others):
            raise Refused(f"`{name}` is here already")

    def read_form(self, w):
        self.need_web("form")
        self.block = self.put("forms", model.Form, w.name("the form"))

    def read_field(self, w):
        name, kind = w.name("the field"), w.word("the type")
        self.check_member(name, self.block.fields)
        if kind not in FIELD_TYPES:
            raise Refused(f"`{kind}` is not a type of field; use {' '.join(FIELD_TYPES)}")
        f = model.Field(name, self.place, self.folder, kind)
        while w:
            self.field_word(f, w)
        self.finish_field(f)
        self.block.fields.append(f)

    def field_word(self, f, w):
        word = w.word('a word of the field; the label is written `label "…"`')
        if word in ("path", "required", "computed"):
            setattr(f, word, True)
        elif word == "label":
            f.label = self.say(w.text("the label"))
        elif word in ("min", "max"):
            setattr(f, word, w.number(f"the {word}"))
        elif word == "default":
            f.default = w.word("the default")
        elif f.type in ("choice", "texts") and re.match(r"[a-z0-9][a-z0-9_-]*\Z", word):
            if word in f.words:
                raise Refused(f"`{word}` is a choice already")
            f.words.append(word)
        else:
            raise Refused(f"`{word}` is not understood; use {' '.join(FIELD_WORDS)}")

    def finish_field(self, f):
        if f.type == "choice" and not f.words:
            raise Refused(f"choice `{f.name}` has no words to choose from")
        if f.default is not None:
            if f.type == "choice":
                if f.default not in f.words:
                    raise Refused(f"the default `{f.default}` is not one of the choices")
            elif f.type in ("int", "flag") and re.match(r"-?\d{1,18}\Z", f.default):
                f.default = int(f.default)
            else:
                raise Refused(
                    f"a default is a number for int and flag or a word for choice, not `{f.default}` for {f.type}"
                )
        if f.computed and (f.required or f.path):
            raise Refused("a computed field is set by `before`; it cannot be required or come from the path")
        if f.min is not None and f.max is not None and f.min > f.max:
            raise Refused(f"min {f.min} is above max {f.max}")
        if f.type == "file":
            if f.path or f.min is not None:
                raise Refused(f"file `{f.name}` comes with the body and has no min")
            if f.max is not None and not 1 <= f.max <= 64 << 20:
                raise Refused("max of a file is 1 to 67108864 bytes")
        elif f.max is not None and f.type not in ("int", "choice", "flag") and not 1 <= f.max <= 1000000:
            raise Refused("max of a text is 1 to 1000000 characters")

    def read_route(self, w):
        self.need_web("route")
        method, pattern = w.word("the method"), w.word("the path")
        if method not in METHODS:
            raise Refused(f"`{method}` is not a method; use {' '.join(METHODS)}")
        if not re.match(r"(/([A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}))+\Z|/\Z", pattern):
            raise Refused(f"`{pattern}` is not a path; write /word/{{field}}/word")
        right, name = w.dotted("the right (or public)"), w.name("the handler")
        r = model.Route(name, self.place, self.folder, method=method, pattern=pattern, right=right)
        if w.peek() == "(":
            w.word("(")
            r.form = w.name("the form")
            if w.word(")") != ")":
                raise Refused("`)` is missing after the form")
        if w.peek() != "->":
            raise Refused("`-> VIEW` is missing; write `-> -` for a route that fills reply_body itself")
        w.word("->")
        view = w.word("the view, or -")
        r.view = None if view == "-" else view
        while w:
            self.route_word(r, w)
        self.folder.routes.append(r)

    def route_word(self, r, w):
        word = w.word("a word of the route")
        if word in ("page", "back", "before"):
            setattr(r, word, w.name(f"a name after `{word}`"))
        elif word in ("created", "slow", "device"):
            setattr(r, word, True)
        elif word == "about":
            r.about = w.text("the summary")
        else:
            raise Refused(f"`{word}` is not understood; use page back before created slow device about")


def read_defs(project, folder):
    for name in folder.files(".def"):
        DefReader(project, folder, os.path.join(folder.path, name), folder.shown + "/" + name).read()
