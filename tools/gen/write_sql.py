"""Writes statements (one typed C function each, over the cursor of stmt.h) and the migrations."""

from cwrite import c_long_string, c_string, head, guarded, upper
from model import C_TYPES

LETTER = {"id": "i", "int": "i", "instant": "i", "date": "d", "flag": "f", "text": "t", "bytes": "b"}


def letter(column):
    if not column.maybe:
        return LETTER[column.type]
    return "N" if column.type == "int" else LETTER[column.type].upper()


def row_source(p, s):
    """The statement whose row type `s` uses: itself or the one it shares."""
    seen = set()
    while s.shares and s.name not in seen:
        seen.add(s.name)
        other = p.find("statements", s.shares)
        if other is None:
            break
        s = other
    return s


def struct_members(columns):
    return "".join(f"    {C_TYPES[c.type]} {c.name};\n" for c in columns)


def row_types(p, f):
    """struct NAME_row and NAME_rows; a shared row type gets the other name as a macro, so both work."""
    out = []
    for s in f.statements:
        if s.kind == "exec":
            continue
        if s.shares:
            o = row_source(p, s).name
            out.append(f"#define {s.name}_row {o}_row\n#define {s.name}_rows {o}_rows\n")
        else:
            out.append(
                f"struct {s.name}_row {{\n{struct_members(s.columns)}}};\n"
                f"struct {s.name}_rows {{\n    struct {s.name}_row *v;\n    size_t n;\n}};\n"
            )
    return out


def signature(s, changes=False):
    params = "".join(f", {C_TYPES[c.type]} {c.name}" for c in s.params)
    ret = {
        "one": f", struct {s.name}_row *ret",
        "maybe": f", struct {s.name}_row **ret",
        "many": f", struct {s.name}_rows *ret",
        "exec": "",
    }[s.kind]
    name, ret = (s.name + "_changes", ", int64_t *ret_changed") if changes else (s.name, ret)
    return f"enum err {name}(struct ctx *c{params}{ret})"


def statement_prototypes(f):
    out = []
    for s in f.statements:
        about = s.about.strip().replace("*/", "* /")
        out.append((f"/* {about} */\n" if about else "") + f"MUST_USE {signature(s)};")
        if s.kind == "exec":
            out.append(f"MUST_USE {signature(s, True)};")
    return out


def binds(s):
    out = []
    for n, c in enumerate(s.params, 1):
        call = "cursor_bind_text" if c.type in ("text", "bytes") else "cursor_bind_int"
        out.append(f"    {call}(&k_, {n}, {c.name});\n")
    return "".join(out)


def reads(s, into):
    out = []
    for n, c in enumerate(s.columns):
        value = f"cursor_text(&k_, {n})" if c.type in ("text", "bytes") else f"cursor_int(&k_, {n})"
        if c.type == "date":
            value = f"(int32_t){value}"
        elif c.type == "flag":
            value = f"{value} != 0"
        out.append(f"        {into}{c.name} = {value};\n")
    return "".join(out)


ONE = """    bool found_ = false;
    if (cursor_next(&k_)) {{
        found_ = true;
{reads}    }}
    TRY(cursor_close(&k_, NULL));
    if (!found_)
        return fail(c, E_NOT_FOUND, "{name}");
    *ret = row_;
    return E_OK;
"""

MAYBE = """    bool found_ = false;
    if (cursor_next(&k_)) {{
        found_ = true;
{reads}    }}
    TRY(cursor_close(&k_, NULL));
    struct {row}_row *copy_ = NULL;
    if (found_) {{
        copy_ = ARENA_NEW(c->arena, struct {row}_row);
        *copy_ = row_;
    }}
    *ret = copy_;
    return E_OK;
"""

MANY = """    struct {row}_rows rows_ = {{NULL, 0}};
    size_t room_ = 0;
    while (cursor_next(&k_)) {{
{reads}        if (rows_.n == room_) {{
            size_t more_ = room_ == 0 ? 16 : room_ * 2;
            struct {row}_row *grown_ = ARENA_ARRAY(c->arena, struct {row}_row, more_);
            for (size_t i_ = 0; i_ < rows_.n; i_++)
                grown_[i_] = rows_.v[i_];
            rows_.v = grown_;
            room_ = more_;
        }}
        rows_.v[rows_.n++] = row_;
    }}
    TRY(cursor_close(&k_, NULL));
    *ret = rows_;
    return E_OK;
"""


def statement_function(p, s):
    open_ = f"    struct cursor k_;\n    cursor_open(&k_, c, STMT_{upper(s.name)});\n"
    if s.kind == "exec":
        run = open_ + binds(s)
        return (
            f"{signature(s)}\n{{\n{run}    return cursor_close(&k_, NULL);\n}}\n\n"
            f"{signature(s, True)}\n{{\n{run}    return cursor_close(&k_, ret_changed);\n}}\n"
        )
    source = row_source(p, s)
    body = {"one": ONE, "maybe": MAYBE, "many": MANY}[s.kind].format(
        reads=reads(source, "row_."), name=s.name, row=source.name
    )
    return f"{signature(s)}\n{{\n{open_}{binds(s)}    struct {source.name}_row row_ = {{0}};\n{body}}}\n"


def write_statements(p):
    statements = p.every("statements")
    h = "enum stmt {\n    " + ",\n    ".join([f"STMT_{upper(s.name)}" for s in statements] + ["STMT_COUNT"]) + "\n};\n"
    c = head("the statements, for preparing and checking them.") + '#include "stmt.h"\n\n#include "stmts.h"\n\n'
    rows = []
    for s in statements:
        columns = row_source(p, s).columns if s.kind != "exec" else []
        names = "NULL"
        if columns:
            c += (
                f"static const char *const columns_{s.name}[] = {{"
                + ", ".join(c_string(x.name) for x in columns)
                + ", NULL};\n"
            )
            names = f"columns_{s.name}"
        params, letters = "".join(letter(x) for x in s.params), "".join(letter(x) for x in columns)
        rows.append(
            f'    {{"{s.name}",\n    {c_long_string(s.sql)},\n     "{params}", "{letters}", {names}, {"true" if s.writes else "false"}}},\n'
        )
    c += (
        "\nconst struct stmt_spec stmt_specs[] = {\n"
        + "".join(rows)
        + "    {0},\n};\n"
        + f"const int stmt_count = {len(statements)};\n"
    )
    return {"stmts.h": guarded("stmts.h", h, "every statement."), "stmts.c": c}


def write_migrations(p):
    c = head("the migrations, in order.") + '#include "stmt.h"\n\nconst struct migration_spec migration_specs[] = {\n'
    migrations = sorted(p.every("migrations"), key=lambda m: m.number)
    for m in migrations:
        c += f'    {{{m.number}, "{m.title}",\n    {c_long_string(m.sqlite)},\n    {c_long_string(m.postgres)},\n     "{m.hash}"}},\n'
    c += "    {0},\n};\n" + f"const int migration_count = {len(migrations)};\n"
    return {"migrations.c": c}
