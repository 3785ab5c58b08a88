"""What the generator knows after reading: the declarations of every folder, with the place each came from.

Readers (read_*.py) fill these, check.py compares them with one another, writers (write_*.py) only
print. Every mistake goes to Problems, so that all of them are told at once."""

import os
import re
from dataclasses import dataclass, field

C_KEYWORDS = set(
    """auto break case char const continue default do double else enum extern float for goto if
inline int long register restrict return short signed sizeof static struct switch typedef union unsigned
void volatile while bool true false asm typeof NULL""".split()
)

LAYERS_WITHOUT_STORE = ("base", "crypt")

# C type of a plain value, in views, forms, rows, parameters and template parameters.
C_TYPES = {
    "text": "struct str",
    "json": "struct str",
    "bytes": "struct str",
    "id": "int64_t",
    "int": "int64_t",
    "instant": "int64_t",
    "date": "int32_t",
    "flag": "bool",
}

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")


@dataclass(frozen=True)
class Place:
    file: str
    line: int

    def __str__(self):
        return f"{self.file}:{self.line}"


class Problems:
    """Mistakes found so far; told together at the end, in order of file and line."""

    def __init__(self, keep_going=False):
        self.found, self.mended, self.keep_going = [], [], keep_going

    def add(self, place, text, mend=None):
        """`mend` is what --keep-going does instead of leaving the declaration out."""
        if self.keep_going and mend:
            mend()
            self.mended.append((place.file, place.line, text))
        else:
            self.found.append((place.file, place.line, text))

    def mended_lines(self):
        return [f"{f}:{n}: {t}" for f, n, t in sorted(set(self.mended))]

    def lines(self):
        return [f"{f}:{n}: {t}" for f, n, t in sorted(set(self.found))]


@dataclass
class Named:
    name: str
    place: Place
    folder: object = None


@dataclass
class Role(Named):
    title: str = ""


@dataclass
class Right(Named):
    title: str = ""
    roles: list = field(default_factory=list)


@dataclass
class Error(Named):
    status: int = 500
    sentence: str = ""
    hint: str = None


@dataclass
class Topic(Named):
    pass


@dataclass
class Event(Named):
    sentence: str = ""
    topics: list = field(default_factory=list)
    to_visitor: bool = False


@dataclass
class Setting(Named):
    type: str = "int"
    default: object = 0
    min: int = None
    max: int = None
    title: str = ""


@dataclass
class Service(Named):
    start: str = ""
    stop: str = ""


@dataclass
class Job(Named):
    seconds: int = 60
    run: str = ""


@dataclass
class TableKind(Named):
    run: str = ""
    title: str = ""


@dataclass
class Demo(Named):
    pass


@dataclass
class Member(Named):
    type: str = "text"  # plain word, or the name of a view
    shape: str = "plain"  # plain, view, optional, list, texts
    hidden: bool = False
    about: str = ""


@dataclass
class View(Named):
    members: list = field(default_factory=list)

    def member(self, name):
        return next((m for m in self.members if m.name == name), None)


@dataclass
class Field(Named):
    type: str = "text"
    path: bool = False
    required: bool = False
    computed: bool = False
    label: str = None
    min: int = None
    max: int = None
    default: object = None
    words: list = field(default_factory=list)


@dataclass
class Form(Named):
    fields: list = field(default_factory=list)


@dataclass
class Route(Named):
    """`name` is the handler's."""

    method: str = "GET"
    pattern: str = "/"
    right: str = ""
    form: str = None
    view: str = None
    page: str = None
    back: str = None
    before: str = None
    created: bool = False
    slow: bool = False
    device: bool = False
    about: str = ""
    index: int = 0


@dataclass
class Column(Named):
    type: str = "text"
    maybe: bool = False
    is_list: bool = False  # of template parameters: TYPE[]


@dataclass
class Statement(Named):
    kind: str = "one"
    params: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    shares: str = None
    sql: str = ""
    about: str = ""
    writes: bool = False


@dataclass
class Migration(Named):
    number: int = 0
    sqlite: str = ""
    postgres: str = ""
    hash: str = ""


@dataclass
class Template(Named):
    """kind: page, part or layout."""

    kind: str = "page"
    params: list = field(default_factory=list)  # Column-like: name, type
    layout: str = None
    layout_args: list = field(default_factory=list)
    nodes: list = field(default_factory=list)


@dataclass
class Message:
    text: str
    place: Place


class Folder:
    """One folder of src/ with everything declared in it."""

    KINDS = (
        "roles",
        "rights",
        "errors",
        "topics",
        "events",
        "settings",
        "services",
        "jobs",
        "importers",
        "exporters",
        "demos",
        "views",
        "forms",
        "routes",
        "statements",
        "migrations",
        "templates",
        "tests",
    )

    def __init__(self, kind, name, path, shown):
        self.kind, self.name, self.path, self.shown = kind, name, path, shown
        self.needs = []
        self.needs_place = Place(shown, 1)
        self.headers = []  # `{% include %}`
        for k in self.KINDS:
            setattr(self, k, [])

    def has_web(self):
        return self.kind != "layer" or self.name == "web"

    def files(self, *ends):
        if not os.path.isdir(self.path):
            return []
        return sorted(f for f in os.listdir(self.path) if f.endswith(ends))


class Project:
    def __init__(self, keep_going=False):
        self.folders = []
        self.missing = set()  # listed, but nothing there yet
        self.problems = Problems(keep_going)
        self.messages = []  # Message
        self.notes = []
        self.index = {}  # (kind, name) → declaration

    def every(self, kind):
        return [d for f in self.folders for d in getattr(f, kind)]

    def find(self, kind, name):
        return self.index.get((kind, name))

    def folder(self, name):
        return next((f for f in self.folders if f.name == name), None)

    def visible(self, folder):
        """Folders whose generated types `folder` may use: itself, its needs and theirs, the web layer."""
        seen, queue = [], [folder.name]
        if folder.has_web() and self.folder("web"):
            queue.append("web")
        if folder.kind == "app":
            queue += [f.name for f in self.folders if f.kind == "module"]
        while queue:
            name = queue.pop(0)
            f = self.folder(name)
            if f is None or f in seen:
                continue
            seen.append(f)
            queue += f.needs
        return seen

    def say(self, text, place):
        """Notes a zh-CN text that goes through po/."""
        if text:
            self.messages.append(Message(text, place))


def build_index(project):
    """Fills project.index; the same name twice in one kind is a mistake."""
    for kind in Folder.KINDS:
        if kind in ("routes", "demos", "tests"):
            continue
        for d in project.every(kind):
            key = (kind, d.name)
            first = project.index.get(key)
            if first is not None:
                word = {"services": "service"}.get(kind, kind[:-1])
                project.problems.add(
                    d.place, f"{word} `{d.name}` is declared already at {first.place}; choose another name"
                )
            else:
                project.index[key] = d
