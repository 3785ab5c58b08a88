"""Compares the declarations with one another: every word that is used must be declared somewhere it may be used from."""

import re


class Checker:
    def __init__(self, project):
        self.p = project
        self.seen = {f.name: {x.name for x in project.visible(f)} for f in project.folders}

    def wrong(self, place, text, mend=None):
        self.p.problems.add(place, text, mend)

    def all(self):
        for f in self.p.folders:
            self.needs(f)
        self.words()
        self.views()
        for s in self.p.every("statements"):
            self.statement(s)
        self.structs()
        self.migrations()
        self.routes()

    def reach(self, user, found, what):
        """Is the found declaration in a folder that the user's folder may use?"""
        if found.folder.name not in self.seen[user.folder.name]:
            self.wrong(
                user.place,
                f"{what} `{found.name}` is in {found.folder.name}; add `needs {found.folder.name}` to {user.folder.name}.def",
            )

    def needs(self, f):
        order = [x.name for x in self.p.folders]
        for n in f.needs:
            o = self.p.folder(n)
            if n in self.p.missing or n == f.name:
                continue
            if o is None:
                self.wrong(f.needs_place, f"needs `{n}`, which is not in src/modules.list")
            elif o.kind == "layer":
                self.wrong(f.needs_place, f"needs `{n}`, which is a layer; layers are always there, remove it")
            elif order.index(n) > order.index(f.name):
                self.wrong(
                    f.needs_place,
                    f"needs `{n}`, which comes later in src/modules.list; a folder comes after those it needs",
                )

    def words(self):
        roles = {r.name for r in self.p.every("roles")}
        topics = {t.name for t in self.p.every("topics")}
        if "staff" in roles:
            self.wrong(self.p.find("roles", "staff").place, "`staff` means every role; choose another name")
        for r in self.p.every("rights"):
            for w in r.roles:
                if w not in roles and w not in ("*", "staff"):
                    self.wrong(
                        r.place,
                        f"right `{r.name}` names the unknown role `{w}`; known: {' '.join(sorted(roles)) or 'none'}",
                    )
        for e in self.p.every("events"):
            for t in e.topics:
                if t not in topics:
                    self.wrong(
                        e.place,
                        f"event `{e.name}` names the unknown topic `{t}`; known: {' '.join(sorted(topics)) or 'none'}",
                    )
        # Dots become underscores in C, so two different names may still meet there.
        for kind in ("rights", "events", "settings"):
            met = {}
            for d in self.p.every(kind):
                other = met.setdefault(d.name.replace(".", "_"), d)
                if other.name != d.name:
                    self.wrong(
                        d.place,
                        f"`{d.name}` and `{other.name}` ({other.place}) are the same word in C; choose another name",
                    )

    def views(self):
        for v in self.p.every("views"):
            if not v.members:
                self.wrong(v.place, f"view `{v.name}` has no members")
            for m in v.members:
                if m.shape in ("plain", "texts"):
                    continue
                found = self.p.find("views", m.type)
                if found is None:
                    self.wrong(
                        m.place,
                        f"`{m.type}` is neither a type nor a view; types: id text int flag date instant json text[]",
                    )
                else:
                    self.reach(m, found, "view")
        self.view_circles()
        for f in self.p.every("forms"):
            if not f.fields:
                self.wrong(f.place, f"form `{f.name}` has no fields")

    def view_circles(self):
        state = {}

        def visit(v, path):
            if state.get(v.name) == "done":
                return
            if v.name in path:
                self.wrong(
                    v.place,
                    f"view `{v.name}` holds itself ({' > '.join(path + [v.name])}); use `{v.name}?` or `{v.name}[]` somewhere in the circle",
                )
                return
            for m in v.members:
                found = self.p.find("views", m.type) if m.shape == "view" else None
                if found:
                    visit(found, path + [v.name])
            state[v.name] = "done"

        for v in self.p.every("views"):
            visit(v, [])

    def statement(self, s):
        if s.kind == "one" and self.p.find("errors", "not_found") is None:
            self.wrong(
                s.place,
                f"`{s.name}` is :one and answers E_NOT_FOUND without a row; declare `error not_found` in base.def",
            )
        seen, at = [], s
        while at.shares:
            if at.name in seen:
                self.wrong(s.place, f"`{s.name}` shares its row type in a circle")
                return
            seen.append(at.name)
            found = self.p.find("statements", at.shares)
            if found is None:
                self.wrong(s.place, f"`-> {at.shares}`: there is no statement of this name")
                return
            self.reach(s, found, "statement")
            if found.kind == "exec":
                self.wrong(s.place, f"`-> {at.shares}`: that statement is :exec and has no rows")
                return
            at = found

    def structs(self):
        """Every struct and function name that C will see, once."""
        met = {}

        def take(name, d, what):
            other = met.setdefault(name, (d, what))
            if other[0] is not d:
                self.wrong(
                    d.place,
                    f"{what} `{d.name}` makes `{name}`, which {other[1]} `{other[0].name}` at {other[0].place} makes too; choose another name",
                )

        listed = {m.type for v in self.p.every("views") for m in v.members if m.shape == "list"}
        for v in self.p.every("views"):
            take("struct " + v.name, v, "view")
        for v in self.p.every("views"):
            if v.name in listed:
                take(f"struct {v.name}_list", v, "list of view")
        for f in self.p.every("forms"):
            take(f"struct {f.name}_form", f, "form")
        for s in self.p.every("statements"):
            take(s.name, s, "statement")
            if s.kind == "exec":
                take(s.name + "_changes", s, "statement")
            else:
                take(f"struct {s.name}_row", s, "statement")
                take(f"struct {s.name}_rows", s, "statement")
                if s.shares:
                    # The shared type's other names are macros, so nothing else may be called so.
                    take(f"{s.name}_row", s, "statement")
                    take(f"{s.name}_rows", s, "statement")
        # Several routes may have one handler: its first one stands for it.
        for r in {r.name: r for r in reversed(self.p.every("routes"))}.values():
            take(r.name, r, "handler")
        for t in self.p.every("templates"):
            take("layout_" + t.name if t.kind == "layout" else t.name, t, t.kind)

    def migrations(self):
        met = {}
        for m in self.p.every("migrations"):
            other = met.setdefault(m.number, m)
            if other is not m:
                self.wrong(
                    m.place,
                    f"migration number {m.number:04d} is taken by {other.place.file}; take the next free number",
                )

    def routes(self):
        met = {}
        for r in self.p.every("routes"):
            key = (r.method, re.sub(r"\{[^}]*\}", "{}", r.pattern))
            other = met.setdefault(key, r)
            if other is not r:
                self.wrong(r.place, f"{r.method} {r.pattern} is a route already at {other.place}")
            self.route(r)
        self.handlers()

    def route(self, r):
        if r.right != "public" and self.p.find("rights", r.right) is None:
            self.wrong(r.place, f"right `{r.right}` is not declared; declare it or write public")
        form = view = None
        if r.form:
            form = self.p.find("forms", r.form)
            if form is None:
                self.wrong(r.place, f"form `{r.form}` is not declared")
            else:
                self.reach(r, form, "form")
                if r.method == "GET" and any(x.type == "file" for x in form.fields):
                    self.wrong(r.place, f"form `{r.form}` has a file, which a GET cannot bring")
        if r.view:
            view = self.p.find("views", r.view)
            if view is None:
                self.wrong(r.place, f"view `{r.view}` is not declared")
            else:
                self.reach(r, view, "view")
        if form or not r.form:
            self.route_path(r, form)
        if r.page:
            self.route_page(r)
        if r.back:
            back = next((x for x in self.p.every("routes") if x.name == r.back and x.method == "GET"), None)
            if back is None:
                self.wrong(
                    r.place, f"back `{r.back}` is not the handler of a GET route", lambda: setattr(r, "back", None)
                )
            elif r.method == "GET":
                self.wrong(r.place, "back belongs to POST, PUT and DELETE; a GET shows itself")
        if r.before and not r.form:
            self.wrong(r.place, f"before `{r.before}` fills computed fields of a form; name the form")
        if r.created and r.method == "GET":
            self.wrong(r.place, "created belongs to POST and PUT")

    def route_path(self, r, form):
        in_path = re.findall(r"\{([^}]*)\}", r.pattern)
        if len(in_path) > 4:
            self.wrong(r.place, "a path has at most 4 fields")
        fields = [f.name.rstrip("_") for f in form.fields if f.path] if form else []
        for name in in_path:
            if name not in fields:
                self.wrong(
                    r.place,
                    f"{{{name}}} of the path is read by nobody; add `{name} … path` to "
                    + (f"form `{r.form}`" if form else "a form of the route"),
                )
        for name in fields:
            if name not in in_path:
                self.wrong(r.place, f"form `{r.form}` reads `{name}` from the path, but {r.pattern} has no {{{name}}}")

    def route_page(self, r):
        page = self.p.find("templates", r.page)
        if page is None or page.kind != "page":
            self.wrong(
                r.place,
                f"page `{r.page}` is not in any template; write {{% page {r.page}({r.view or ''} v) %}}",
                lambda: setattr(r, "page", None),
            )
            return
        self.reach(r, page, "page")
        have = [x.type + ("[]" if x.is_list else "") for x in page.params]
        if have != ([r.view] if r.view else []):
            self.wrong(
                r.place,
                f"page `{r.page}` shows ({', '.join(have)}), but the route gives {r.view or 'no view'}; make them the same",
                lambda: setattr(r, "page", None),
            )

    def handlers(self):
        met = {}
        for r in self.p.every("routes"):
            other = met.setdefault(r.name, r)
            if (other.form, other.view) != (r.form, r.view):
                self.wrong(
                    r.place, f"handler `{r.name}` has another form or view at {other.place}; give it another name"
                )


def check(project):
    Checker(project).all()
