"""Writes routes.c: for each route an adapter with the one signature of web.h, and the table of routes."""

from cwrite import c_string, head


def adapter(r):
    args, lines = ["c"], []
    if r.form:
        args.append("form")
    else:
        lines.append("(void)form;")
    args.append("r")
    if r.view:
        args.append("view")
    else:
        lines.append("(void)view;")
    body = "".join(f"    {x}\n" for x in lines) + f"    return {r.name}({', '.join(args)});\n"
    return f"static enum err run_{r.name}(struct ctx *c, const void *form, struct reply *r, void *view)\n{{\n{body}}}\n"


def adapters(p):
    done, out = set(), []

    def once(name, code):
        if name not in done:
            done.add(name)
            out.append(code)

    for r in p.every("routes"):
        once("run_" + r.name, adapter(r))
        if r.before:
            once(
                "before_" + r.before,
                f"static enum err before_{r.before}(struct ctx *c, void *form)\n{{\n    return {r.before}(c, form);\n}}\n",
            )
        if r.view:
            once(
                "print_" + r.view,
                f"static void print_{r.view}(struct json *j, const void *view)\n{{\n    json_{r.view}(j, view);\n}}\n",
            )
        if r.page:
            call = f"{r.page}(b, c, view);" if r.view else f"(void)view;\n    {r.page}(b, c);"
            once(
                "page_" + r.page,
                f"static void page_{r.page}(struct buf *b, struct ctx *c, const void *view)\n{{\n    {call}\n}}\n",
            )
    return out


def back_route(p, r):
    """The GET of that handler with the same path fields if there is one, else the first."""
    found = [x for x in p.every("routes") if x.name == r.back and x.method == "GET"]
    same = [x for x in found if x.pattern == r.pattern]
    return (same or found)[0].index


def row(p, r):
    values = [
        f".method = METHOD_{r.method}",
        f".pattern = {c_string(r.pattern)}",
        f".right = RIGHT_{r.right.replace('.', '_').upper()}",
        f".run = run_{r.name}",
        f".name = {c_string(r.name)}",
        f".summary = {c_string(r.about)}",
    ]
    if r.form:
        values.append(f".form = &{r.form}_form_spec")
    if r.before:
        values.append(f".before = before_{r.before}")
    if r.view:
        values += [f".view_size = sizeof(struct {r.view})", f".json = print_{r.view}"]
    if r.page:
        values.append(f".page = page_{r.page}")
    if r.back:
        values.append(f".back = &routes[{back_route(p, r)}]")
    values += [f".{flag} = true" for flag in ("created", "slow", "device") if getattr(r, flag)]
    return "    {" + ",\n     ".join(values) + "},\n"


def write_routes(p):
    routes = p.every("routes")
    for n, r in enumerate(routes):
        r.index = n
    # Views and pages of a route may live in a folder that its own folder needs.
    folders = [f for f in p.folders if f.routes or f.views or f.templates]
    c = (
        head("every route with its adapter.")
        + '#include "web.h"\n\n'
        + "".join(f'#include "{f.name}_gen.h"\n' for f in folders)
        + "\n"
    )
    c += (
        "\n".join(adapters(p))
        + "\nconst struct route routes[] = {\n"
        + "".join(row(p, r) for r in routes)
        + "    {0},\n};\n"
    )
    return {"routes.c": c + f"const int route_count = {len(routes)};\n"}
