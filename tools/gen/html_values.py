"""Values in templates: paths through the views with their types, C expressions with a type given by hand,
and the one call that prints a value in a certain place of the document."""

import re

from read_html import VALUE_TYPES

FILTERS = {
    "date": ("date", "instant"),
    "time": ("instant",),
    "instant": ("instant",),
    "duration": ("int",),
    "lines": ("text",),
}


class Refused(Exception):
    pass


class Value:
    """A typed C expression; guards are pointers that must not be NULL. shape: plain, view (pointer), member
    (view by value), optional, list, texts."""

    def __init__(self, c, type_, shape="plain", guards=()):
        self.c, self.type, self.shape, self.guards = c, type_, shape, list(guards)


class Values:
    """What a name means (self.scope, self.p: filled by the compiler) and how it is printed."""

    # --- typed paths ------------------------------------------------------------------------------

    def path(self, text):
        parts = re.split(r"->|\.", text)
        if not all(re.match(r"[a-z_][a-z0-9_]*\Z", x) for x in parts):
            raise Refused(f"`{text}` is not a path; write name->member, or {{{{ =text EXPRESSION }}}} for C")
        now = self.scope.get(parts[0])
        if now is None:
            raise Refused(f"`{parts[0]}` is not known here; known: {' '.join(sorted(self.scope)) or 'nothing'}")
        for part in parts[1:]:
            now = self.step(now, part, text)
        return now

    def step(self, now, part, text):
        if now.shape in ("list", "texts"):
            if part == "n":
                return Value(f"(int64_t){now.c}.n", "int", "plain", now.guards)
            raise Refused(f"`{text}`: a list has only .n; go through it with {{% for %}}")
        view = self.p.find("views", now.type) if now.shape in ("view", "member", "optional") else None
        if view is None:
            raise Refused(f"`{text}`: {now.type} has no members")
        m = view.member(part)
        if m is None:
            raise Refused(
                f"view `{view.name}` has no member `{part}`; it has: {' '.join(x.name for x in view.members)}"
            )
        guards = now.guards + ([now.c] if now.shape == "optional" else [])
        c = now.c + ("." if now.shape == "member" else "->") + m.name
        return Value(c, m.type, {"view": "member"}.get(m.shape, m.shape), guards)

    def typed(self, text):
        """`path`, or `=type EXPRESSION`."""
        text = text.strip()
        m = re.match(r"=\s*([a-z]+)\s+(.+)\Z", text, re.S)
        if not m:
            return self.path(text)
        if m.group(1) not in VALUE_TYPES:
            raise Refused(f"`={m.group(1)}` is not a type; use {' '.join(VALUE_TYPES)}")
        expr = m.group(2).strip()
        plain = re.sub(r'"(?:[^"\\]|\\.)*"', "0", expr)
        if re.search(r"[;{}#\n]|//|/\*", plain) or plain.count("(") != plain.count(")"):
            raise Refused(f"`{expr}` is not one C expression")
        return Value(f"({expr})" if not re.match(r"\w+\(.*\)\Z", expr) else expr, m.group(1))

    def print_call(self, v, wanted, place, buf="b"):
        """The call that prints a value in a place of the document."""
        if v.shape != "plain" or v.type in ("json", "flag"):
            what = {
                "list": "a list; go through it with {% for %}",
                "texts": "a list of texts; go through it with {% for %}",
            }.get(v.shape)
            what = what or (
                "a flag; use {% if %}"
                if v.type == "flag"
                else "JSON"
                if v.type == "json"
                else f"a whole {v.type}; name one of its members"
            )
            raise Refused(f"`{v.c}` is {what}")
        if wanted and v.type not in FILTERS[wanted]:
            raise Refused(f"filter `{wanted}` is for {' or '.join(FILTERS[wanted])}, not for {v.type}")
        if wanted == "lines" and place not in ("text",):
            raise Refused("filter `lines` makes <br>; it stands in text only")
        if place in ("url", "url_part") and v.type not in ("text", "int", "id", "date"):
            raise Refused(f"{v.type} does not belong in an address")
        if place == "json" and v.type == "text":
            raise Refused("text inside the JSON of this attribute; send it as a hidden field")
        if wanted == "date" and v.type == "instant":
            return f"html_date({buf}, c, date_of({v.c}, c->zone_minutes));"
        if wanted in ("time", "instant", "duration"):
            return f"html_{wanted}({buf}, c, {v.c});"
        if wanted == "lines":
            return f"html_lines({buf}, {v.c});"
        if v.type == "text":
            return f"{ {'url': 'html_url', 'url_part': 'page_url_part'}.get(place, 'html_text')}({buf}, {v.c});"
        return {
            "int": f"html_int({buf}, {v.c});",
            "id": f"html_int({buf}, {v.c});",
            "date": f"html_date({buf}, c, {v.c});",
            "instant": f"html_instant({buf}, c, {v.c});",
        }[v.type]
