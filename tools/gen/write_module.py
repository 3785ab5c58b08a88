"""Writes MODULE_gen.h and MODULE_gen.c: rows and statement functions, views and their JSON, forms,
prototypes of handlers, and (write_html.py) the templates of one folder."""

from cwrite import c_string, finish, guarded, head, outside, upper
from model import C_TYPES, LAYERS_WITHOUT_STORE
from write_html import template_code, template_prototypes
from write_sql import row_types, statement_function, statement_prototypes
from write_tables import prototypes

FIELD_C = {
    "int": "int64_t",
    "id": "int64_t",
    "instant": "int64_t",
    "date": "int32_t",
    "flag": "bool",
    "choice": "int",
    "texts": "struct texts",
    "file": "struct upload",
}
FILE_BYTES = 5 << 20  # of a file without max
TEXT_MAX = {
    "text": 200,
    "texts": 200,
    "password": 200,
    "token": 200,
    "phone": 40,
    "id_no": 40,
    "uscc": 40,
    "json": 20000,
}


def member_c(m):
    if m.shape == "plain":
        return f"{C_TYPES[m.type]} {m.name};"
    return {
        "view": f"struct {m.type} {m.name};",
        "optional": f"struct {m.type} *{m.name};",
        "list": f"struct {m.type}_list {m.name};",
        "texts": f"struct texts {m.name};",
    }[m.shape]


def ordered_views(f):
    """Views that hold others by value come after them (check.py refuses circles)."""
    own = {v.name: v for v in f.views}
    done, out = set(), []

    def visit(v):
        if v.name in done:
            return
        done.add(v.name)
        for m in v.members:
            if m.shape == "view" and m.type in own:
                visit(own[m.type])
        out.append(v)

    for v in f.views:
        visit(v)
    return out


def lists_used(p):
    used = {m.type for v in p.every("views") for m in v.members if m.shape == "list"}
    return used | {x.type for t in p.every("templates") for x in t.params if x.is_list}


def view_structs(p, f):
    listed = lists_used(p)
    out = [f"struct {v.name};" for v in f.views]
    out += [
        f"struct {v.name}_list {{\n    struct {v.name} *v;\n    size_t n;\n}};" for v in f.views if v.name in listed
    ]
    for v in ordered_views(f):
        out.append(f"struct {v.name} {{")
        for m in v.members:
            out.append(f"    {member_c(m)}" + (f" /* {m.about.replace('*/', '* /')} */" if m.about else ""))
        out.append("};")
    out += [f"void json_{v.name}(struct json *j, const struct {v.name} *v);" for v in f.views]
    return out


def json_member(m):
    put = f'    json_name(j, "{outside(m.name)}");\n'
    at = f"v->{m.name}"
    if m.shape == "plain":
        call = {"json": "raw"}.get(m.type, m.type)
        return put + f"    json_{call}(j, {at});\n"
    if m.shape == "view":
        return put + f"    json_{m.type}(j, &{at});\n"
    if m.shape == "optional":
        return put + f"    if ({at} != NULL)\n        json_{m.type}(j, {at});\n    else\n        json_null(j);\n"
    each = f"json_text(j, {at}.v[i])" if m.shape == "texts" else f"json_{m.type}(j, &{at}.v[i])"
    return (
        put + f"    json_array(j);\n    for (size_t i = 0; i < {at}.n; i++)\n        {each};\n    json_end_array(j);\n"
    )


def view_json(v):
    body = "".join(json_member(m) for m in v.members if not m.hidden) or "    (void)v;\n"
    return f"void json_{v.name}(struct json *j, const struct {v.name} *v)\n{{\n    json_object(j);\n{body}    json_end_object(j);\n}}\n"


def form_structs(f):
    out = []
    for form in f.forms:
        for x in form.fields:
            if x.type == "choice":
                start = f"{upper(form.name)}_{upper(outside(x.name))}_"
                words = [f"{start}UNSET = -1"] + [start + upper(w) for w in x.words] + [start + "COUNT"]
                out.append(f"enum {form.name}_{outside(x.name)} {{ " + ", ".join(words) + " };")
                out.append(f"extern const char *const {form.name}_{outside(x.name)}_words[]; /* NULL-ended */")
        out.append(f"struct {form.name}_form {{")
        for x in form.fields:
            about = f" /* enum {form.name}_{outside(x.name)} */" if x.type == "choice" else ""
            out.append(f"    {FIELD_C.get(x.type, 'struct str')} {x.name};{about}")
        out.append("};")
        out.append(f"extern const struct form_spec {form.name}_form_spec;")
    return out


def field_row(form, x):
    low, high = x.min, x.max
    if x.type in TEXT_MAX:
        low, high = low or 0, high or TEXT_MAX[x.type]
    elif x.type == "file":
        low, high = 0, x.max or FILE_BYTES
    elif x.type == "flag":
        low, high = 0, 1
    elif x.type == "choice":
        low, high = 0, len(x.words) - 1
    low = "INT64_MIN + 1" if low is None else f"INT64_C({low})"
    high = "INT64_MAX" if high is None else f"INT64_C({high})"
    words = f"{form.name}_{outside(x.name)}_words" if x.words else "NULL"
    default = -1 if x.type == "choice" else 0
    if x.default is not None:
        default = x.words.index(x.default) if x.type == "choice" else x.default
    return (
        f'    {{.name = "{outside(x.name)}", .type = FIELD_{x.type.upper()}, .required = {"true" if x.required else "false"},\n'
        f"     .min = {low}, .max = {high}, .choices = {words}, .label = {c_string(x.label or outside(x.name))},\n"
        f"     .offset = offsetof(struct {form.name}_form, {x.name}), .default_int = INT64_C({default}), "
        f".from_path = {'true' if x.path else 'false'}}},\n"
    )


def form_tables(form):
    out = ""
    for x in form.fields:
        if x.words:
            keep = "" if x.type == "choice" else "static "
            out += (
                f"{keep}const char *const {form.name}_{outside(x.name)}_words[] = {{"
                + ", ".join(f'"{w}"' for w in x.words)
                + ", NULL};\n"
            )
    read = [x for x in form.fields if not x.computed]
    out += (
        f"static const struct field_spec {form.name}_fields[] = {{\n"
        + "".join(field_row(form, x) for x in read)
        + "    {0},\n};\n"
    )
    out += (
        f'const struct form_spec {form.name}_form_spec = {{\n    .name = "{form.name}", .fields = {form.name}_fields, '
        f".count = {len(read)}, .struct_size = sizeof(struct {form.name}_form), "
        f".file_bytes = {sum(x.max or FILE_BYTES for x in read if x.type == 'file')}}};\n"
    )
    return out


def handler_prototype(r):
    form = f", const struct {r.form}_form *f" if r.form else ""
    view = f", struct {r.view} *v" if r.view else ""
    return f"enum err {r.name}(struct ctx *c{form}, struct reply *r{view});"


def handler_prototypes(f):
    out = []
    for r in f.routes:
        out.append(handler_prototype(r))
        if r.before:
            out.append(f"enum err {r.before}(struct ctx *c, struct {r.form}_form *f);")
    return list(dict.fromkeys(out))


def includes(p, f):
    if f.name in LAYERS_WITHOUT_STORE:
        return ['#include "fault.h"']
    out = ['#include "stmt.h"']
    if f.has_web():
        out.append('#include "web.h"')
    others = [o for o in p.folders if o is not f and o in p.visible(f)]
    direct = others if f.kind == "app" else [o for o in others if o.name in f.needs or o.name == "web"]
    return out + [f'#include "{o.name}_gen.h"' for o in direct if o.name not in LAYERS_WITHOUT_STORE]


def write_module(p, f):
    h = "\n".join(includes(p, f)) + "\n"
    if f.importers:
        h += "\nstruct table_in;\n"
    if f.exporters:
        h += "\nstruct table_out;\n"
    parts = [
        ("rows and statements", row_types(p, f) + statement_prototypes(f)),
        ("views", view_structs(p, f)),
        ("forms", form_structs(f)),
        ("handlers", handler_prototypes(f)),
        ("services, jobs, imports, exports", prototypes(f)),
        ("templates", template_prototypes(f)),
    ]
    for title, lines in parts:
        if lines:
            h += f"\n/* --- {title} --- */\n\n" + "\n".join(lines) + "\n"
    about = f"what src/{f.name} declares."
    c = head(about) + f'#include "{f.name}_gen.h"\n\n#include <stddef.h>\n'
    if f.statements:
        c += '#include "stmts.h"\n'
    c += "\n" + "\n".join(statement_function(p, s) for s in f.statements)
    c += "\n".join(view_json(v) for v in f.views) + "\n" + "\n".join(form_tables(x) for x in f.forms)
    c += template_code(p, f)
    return {f"{f.name}_gen.h": guarded(f"{f.name}_gen.h", h, about), f"{f.name}_gen.c": finish(c, f"{f.name}_gen.c")}
