"""Writes the tables of the whole program that are made of .def lines: errors, rights, events, settings, services."""

from cwrite import c_name, c_string, guarded, head, upper

INT_MIN, INT_MAX = "INT64_MIN", "INT64_MAX"


def enum(name, prefix, words, count, first=()):
    lines = list(first) + [f"{prefix}{upper(w)}" for w in words] + [count]
    return f"enum {name} {{\n    " + ",\n    ".join(lines) + "\n};\n"


def table(c_type, name, rows):
    """A C array that is never empty: one zero row ends it."""
    return f"{c_type} {name}[] = {{\n" + "".join(f"    {r},\n" for r in rows) + "    {0},\n};\n"


def strings(name, values):
    return f"const char *const {name}[] = {{\n" + "".join(f"    {c_string(v)},\n" for v in values) + "    NULL,\n};\n"


def write_errors(p):
    errors = p.every("errors")
    h = enum("err", "E_", [e.name for e in errors], "ERR_COUNT", ["E_OK = 0"])
    rows = ['{"E_OK", "ok", 200, "", NULL}']
    rows += [
        f'{{"E_{upper(e.name)}", "{e.name}", {e.status}, {c_string(e.sentence)}, {c_string(e.hint)}}}' for e in errors
    ]
    c = head("the error registry.") + '#include "fault.h"\n\n' + table("const struct err_info", "err_table", rows)
    return {"errors.h": guarded("errors.h", h, "every error of the program."), "errors.c": c}


def ordered_rights(p):
    rights = p.every("rights")
    return [r for r in rights if r.name == "public"] + [r for r in rights if r.name != "public"]


def write_rights(p):
    rights, roles = ordered_rights(p), p.every("roles")
    names = [r.name for r in rights]
    titles = [r.title for r in rights]
    masks = []
    for r in rights:
        if "*" in r.roles:
            masks.append("UINT64_MAX")
        elif "staff" in r.roles:
            masks.append(" | ".join(f"UINT64_C(1) << ROLE_{upper(x.name)}" for x in roles) or "0")
        else:
            masks.append(" | ".join(f"UINT64_C(1) << ROLE_{upper(x)}" for x in r.roles))
    if "public" not in names:
        names, titles, masks = ["public"] + names, ["任何人"] + titles, ["UINT64_MAX"] + masks
    h = "#include <stdint.h>\n\n" + enum("right", "RIGHT_", names, "RIGHT_COUNT") + "\n"
    h += enum("role", "ROLE_", [r.name for r in roles], "ROLE_COUNT") + "\n"
    h += "extern const uint64_t right_roles[]; /* bit 1 << ROLE_…; all bits: everybody */\n"
    h += "extern const char *const right_names[];\nextern const char *const right_titles[];\n"
    h += "extern const char *const role_names[];\nextern const char *const role_titles[];\n"
    c = head("which role has which right.") + '#include "rights.h"\n\n#include <stddef.h>\n\n'
    c += (
        "const uint64_t right_roles[] = {\n"
        + "".join(f"    {m}, /* {n} */\n" for n, m in zip(names, masks))
        + "    0,\n};\n"
    )
    c += strings("right_names", names) + strings("right_titles", titles)
    c += strings("role_names", [r.name for r in roles]) + strings("role_titles", [r.title for r in roles])
    return {"rights.h": guarded("rights.h", h, "rights and roles."), "rights.c": c}


def write_events(p):
    events, topics = p.every("events"), p.every("topics")
    h = enum("event", "EV_", [e.name for e in events], "EVENT_COUNT") + "\n"
    h += enum("topic", "TOPIC_", [t.name for t in topics], "TOPIC_COUNT")
    rows = []
    for e in events:
        bits = " | ".join(f"1u << TOPIC_{upper(t)}" for t in e.topics) or "0"
        rows.append(f'{{"{e.name}", {c_string(e.sentence)}, {bits}, {"true" if e.to_visitor else "false"}}}')
    c = head("the events of the journal and the live topics.") + '#include "journal.h"\n\n'
    c += table("const struct event_info", "event_table", rows) + "\n" + strings("topic_names", [t.name for t in topics])
    return {"events.h": guarded("events.h", h, "events and live topics."), "events.c": c}


SETTINGS_H = """
enum setting_type { SETTING_TYPE_INT, SETTING_TYPE_FLAG, SETTING_TYPE_TEXT };

struct setting_info {
    const char *name;          /* "loan.due_hours" */
    const char *title;         /* zh-CN, a message id for tr() */
    enum setting_type type;
    int64_t min, max;          /* of ints */
    int64_t default_int;       /* ints and flags */
    const char *default_text;  /* texts, else NULL */
};
extern const struct setting_info setting_table[];

struct setting_value {
    int64_t number;
    struct str text;
};
struct settings { /* of one centre; all of them filled */
    struct setting_value v[SETTING_COUNT + 1];
};

"""


def write_settings(p):
    settings = p.every("settings")
    h = (
        '#include "str.h"\n\nstruct ctx;\n\n'
        + enum("setting", "SETTING_", [s.name for s in settings], "SETTING_COUNT")
        + SETTINGS_H
    )
    c = head("settings and their getters.") + '#include "settings.h"\n\n#include "ctx.h"\n\n'
    rows, getters = [], []
    for s in settings:
        low, high = (INT_MIN if s.min is None else f"INT64_C({s.min})"), (
            INT_MAX if s.max is None else f"INT64_C({s.max})"
        )
        number, text = ("0", c_string(s.default)) if s.type == "text" else (f"INT64_C({s.default})", "NULL")
        if s.type != "int":
            low, high = "0", "1" if s.type == "flag" else "0"
        rows.append(
            f'{{"{s.name}", {c_string(s.title)}, SETTING_TYPE_{s.type.upper()}, {low}, {high}, {number}, {text}}}'
        )
        c_type = {"int": "int64_t ", "flag": "bool ", "text": "struct str "}[s.type]
        getter = f"{c_type}setting_{c_name(s.name)}(const struct ctx *c)"
        h += f"{getter}; /* {s.title} */\n"
        at = f"c->settings->v[SETTING_{upper(s.name)}]"
        value = f"{at}.text" if s.type == "text" else f"{at}.number" + (" != 0" if s.type == "flag" else "")
        default = {"text": f"STR({c_string(str(s.default))})", "flag": "true" if s.default else "false", "int": number}[
            s.type
        ]
        getters.append(f"{getter}\n{{\n    return c->settings == NULL ? {default} : {value};\n}}\n")
    c += table("const struct setting_info", "setting_table", rows) + "\n" + "\n".join(getters)
    return {"settings.h": guarded("settings.h", h, "settings of a centre."), "settings.c": c}


SERVICES_H = """
struct service_info {
    const char *name;
    enum err (*start)(struct ctx *c, void **ret_service);
    void (*stop)(void *service);
};
extern const struct service_info service_table[]; /* by enum service */

struct job_info {
    const char *name;
    int every_seconds;
    enum err (*run)(struct ctx *c);
};
extern const struct job_info job_table[];
extern const int job_count;

struct importer_info {
    const char *name, *title;
    enum err (*run)(struct ctx *c, struct table_in *t);
};
extern const struct importer_info importer_table[];
extern const int importer_count;

struct exporter_info {
    const char *name, *title;
    enum err (*run)(struct ctx *c, struct table_out *t);
};
extern const struct exporter_info exporter_table[];
extern const int exporter_count;

struct demo_info {
    const char *name;
    enum err (*run)(struct ctx *c, const char *data_dir);
};
extern const struct demo_info demo_table[];
extern const int demo_count;
"""


def prototypes(f):
    """What a folder must define for its service, job, importer, exporter and demo lines."""
    out = []
    for s in f.services:
        out += [f"enum err {s.start}(struct ctx *c, void **ret_service);", f"void {s.stop}(void *service);"]
    out += [f"enum err {j.run}(struct ctx *c);" for j in f.jobs]
    out += [f"enum err {i.run}(struct ctx *c, struct table_in *t);" for i in f.importers]
    out += [f"enum err {e.run}(struct ctx *c, struct table_out *t);" for e in f.exporters]
    out += [f"enum err {d.name}(struct ctx *c, const char *data_dir);" for d in f.demos]
    return list(dict.fromkeys(out))


def write_services(p):
    services, jobs, demos = (p.every(k) for k in ("services", "jobs", "demos"))
    h = '#include "errors.h"\n\nstruct ctx;\nstruct table_in;\nstruct table_out;\n\n'
    h += enum("service", "SERVICE_", [s.name for s in services], "SERVICE_COUNT") + SERVICES_H
    c = head("services, jobs, importers, exporters and demonstration data.") + '#include "services.h"\n\n#include <stddef.h>\n\n'
    c += "\n".join(dict.fromkeys(x for f in p.folders for x in prototypes(f))) + "\n\n"
    c += table("const struct service_info", "service_table", [f'{{"{s.name}", {s.start}, {s.stop}}}' for s in services])
    c += table("const struct job_info", "job_table", [f'{{"{j.name}", {j.seconds}, {j.run}}}' for j in jobs])
    c += f"const int job_count = {len(jobs)};\n"
    for word in ("importer", "exporter"):
        lines = p.every(word + "s")
        rows = [f'{{"{i.name}", {c_string(i.title)}, {i.run}}}' for i in lines]
        c += table(f"const struct {word}_info", f"{word}_table", rows)
        c += f"const int {word}_count = {len(lines)};\n"
    c += table("const struct demo_info", "demo_table", [f'{{"{d.name}", {d.name}}}' for d in demos])
    c += f"const int demo_count = {len(demos)};\n"
    return {"services.h": guarded("services.h", h, "what folders start and run."), "services.c": c}
