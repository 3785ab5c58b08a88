/* The small parts of a package, each read whole. Relationships name the others, so a file of any
 * writer is found its way through, not only one laid out as Excel does. */
#include "workbook.h"

#include "buf.h"

#define SHARED_TEXT_MAX ((size_t)1 << 20)
#define FORMATS_MAX     4096

struct relation {
    struct str id, type, target;
};

struct relations {
    struct arena *arena;
    struct relation *v;
    size_t n;
};

static void relation_start(void *arg, struct str name, const char *const *attributes)
{
    struct relations *all = arg;
    if (!str_is(name, "Relationship") || all->n >= SHEETS_MAX ||
        str_is(attribute(attributes, "TargetMode"), "External"))
        return;
    all->v[all->n++] =
        (struct relation){str_copy(all->arena, str_or_empty(attribute(attributes, "Id"))),
                          str_copy(all->arena, str_or_empty(attribute(attributes, "Type"))),
                          str_copy(all->arena, str_or_empty(attribute(attributes, "Target")))};
}

/* The relationships of a part; of the package itself when part is empty. */
static bool read_relations(struct workbook *w, struct str part, struct relations *ret)
{
    struct arena *a = w->package.arena;
    size_t folder = 0;
    for (size_t i = 0; i < part.n; i++)
        folder = part.p[i] == '/' ? i + 1 : folder;
    struct str name = str_fmt(a, "%.*s_rels/%.*s.rels", (int)folder, part.p, (int)(part.n - folder),
                              part.p + folder);
    *ret = (struct relations){a, ARENA_ARRAY(a, struct relation, SHEETS_MAX), 0};
    struct part_xml *x = ARENA_NEW(a, struct part_xml);
    if (!part_xml_open(x, &w->package, name, true))
        return false;
    x->start = relation_start;
    x->arg = ret;
    part_xml_run(x);
    return w->package.why == NULL;
}

static struct str related(struct workbook *w, const struct relations *all, struct str part,
                          struct str type_end)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_ends(all->v[i].type, type_end))
            return package_target(w->package.arena, part, all->v[i].target);
    return STR_NONE;
}

/* --- sheets ------------------------------------------------------------------------------ */

struct sheet_search {
    struct workbook *w;
    const struct relations *relations;
    struct str wanted;
    struct buf names;
};

static void workbook_start(void *arg, struct str name, const char *const *attributes)
{
    struct sheet_search *s = arg;
    struct arena *a = s->w->package.arena;
    if (str_is(name, "workbookPr")) {
        struct str on = attribute(attributes, "date1904");
        s->w->is_1904 = str_is(on, "1") || str_is(on, "true");
    }
    if (!str_is(name, "sheet") || s->w->sheet_part.p != NULL)
        return;
    struct str title = str_or_empty(attribute(attributes, "name")),
               id = attribute(attributes, "id"), state = attribute(attributes, "state");
    buf_fmt(&s->names, "%s“%.*s”", s->names.n > 0 ? "、" : "", STR_ARG(title));
    bool is_hidden = state.p != NULL && !str_is(state, "visible");
    if (s->wanted.p == NULL ? is_hidden : !str_eq(title, s->wanted))
        return;
    for (size_t i = 0; i < s->relations->n; i++) {
        const struct relation *r = &s->relations->v[i];
        if (!str_eq(r->id, id) || !str_ends(r->type, STR("/worksheet")))
            continue;
        s->w->sheet_name = str_copy(a, title);
        s->w->sheet_part = package_target(a, s->w->part, r->target);
    }
}

static bool find_sheet(struct workbook *w, const struct relations *relations, struct str wanted)
{
    struct arena *a = w->package.arena;
    struct sheet_search search = {.w = w, .relations = relations, .wanted = wanted};
    buf_init(&search.names, a, 4000);
    struct part_xml *x = ARENA_NEW(a, struct part_xml);
    if (!part_xml_open(x, &w->package, w->part, true))
        return false;
    x->start = workbook_start;
    x->arg = &search;
    part_xml_run(x);
    if (w->package.why == NULL && w->sheet_part.p == NULL) {
        struct str names = str_head(buf_as_str(&search.names), 120);
        /* zh: sentences for table_fault_at() */
        struct str why = wanted.p == NULL ? STR("这个文件里没有可以读的工作表")
                                          : str_fmt(a, "没有叫“%.*s”的工作表；有：%.*s",
                                                    STR_ARG(wanted), STR_ARG(names));
        w->package.why = str_z(a, why);
    }
    return w->package.why == NULL;
}

/* --- shared strings ---------------------------------------------------------------------- */

struct shared_reading {
    struct workbook *w;
    struct part_xml *x;
    struct buf text;
    size_t room;
    int phonetic; /* > 0: inside a reading aid */
    bool is_text;
};

static void shared_start(void *arg, struct str name, const char *const *attributes)
{
    struct shared_reading *r = arg;
    (void)attributes;
    r->phonetic += str_is(name, "rPh");
    if (str_is(name, "si"))
        r->text.n = 0;
    r->is_text = str_is(name, "t") && r->phonetic == 0;
}

static void shared_text(void *arg, struct str text)
{
    struct shared_reading *r = arg;
    if (r->is_text)
        buf_str(&r->text, text);
}

static void keep_shared(struct shared_reading *r)
{
    struct workbook *w = r->w;
    struct arena *a = w->package.arena;
    if (w->shared_count == SHARED_STRINGS_MAX || buf_overflowed(&r->text)) {
        /* zh: as above */
        part_xml_refuse(r->x, "这个 XLSX 文件里的文字太多或太长，请分成几个文件再导入");
        return;
    }
    if (w->shared_count == r->room) {
        struct str *old = w->shared;
        r->room = r->room == 0 ? 1024 : 2 * r->room;
        w->shared = ARENA_ARRAY(a, struct str, r->room);
        for (size_t i = 0; i < w->shared_count; i++)
            w->shared[i] = old[i];
    }
    w->shared[w->shared_count++] = str_copy(a, unescape(a, buf_as_str(&r->text)));
}

static void shared_end(void *arg, struct str name)
{
    struct shared_reading *r = arg;
    r->is_text = false;
    r->phonetic -= str_is(name, "rPh");
    if (str_is(name, "si"))
        keep_shared(r);
}

static bool read_shared(struct workbook *w, struct str part)
{
    struct arena *a = w->package.arena;
    struct part_xml *x = ARENA_NEW(a, struct part_xml);
    struct shared_reading r = {.w = w, .x = x};
    buf_init(&r.text, a, SHARED_TEXT_MAX);
    if (part.p == NULL || !part_xml_open(x, &w->package, part, false))
        return w->package.why == NULL;
    x->start = shared_start;
    x->end = shared_end;
    x->text = shared_text;
    x->arg = &r;
    part_xml_run(x);
    return w->package.why == NULL;
}

/* --- styles ------------------------------------------------------------------------------ */

struct style_reading {
    struct workbook *w;
    int64_t *ids; /* of the formats that are dates */
    size_t id_count;
    bool is_cell_styles;
};

static void style_start(void *arg, struct str name, const char *const *attributes)
{
    struct style_reading *r = arg;
    int64_t id = 0;
    if (str_is(name, "cellXfs"))
        r->is_cell_styles = true;
    if (!str_is(name, "numFmt") && !(r->is_cell_styles && str_is(name, "xf")))
        return;
    str_to_int(str_or_empty(attribute(attributes, "numFmtId")), &id);
    if (str_is(name, "numFmt")) {
        if (r->id_count < FORMATS_MAX &&
            format_is_date(-1, str_or_empty(attribute(attributes, "formatCode"))))
            r->ids[r->id_count++] = id;
        return;
    }
    if (r->w->style_count == STYLES_MAX)
        return;
    bool is_date = format_is_date(id, STR(""));
    for (size_t i = 0; i < r->id_count && !is_date; i++)
        is_date = r->ids[i] == id;
    r->w->style_is_date[r->w->style_count++] = is_date;
}

static void style_end(void *arg, struct str name)
{
    struct style_reading *r = arg;
    if (str_is(name, "cellXfs"))
        r->is_cell_styles = false;
}

static bool read_styles(struct workbook *w, struct str part)
{
    struct arena *a = w->package.arena;
    struct part_xml *x = ARENA_NEW(a, struct part_xml);
    struct style_reading r = {.w = w, .ids = ARENA_ARRAY(a, int64_t, FORMATS_MAX)};
    w->style_is_date = ARENA_ARRAY(a, bool, STYLES_MAX);
    if (part.p == NULL || !part_xml_open(x, &w->package, part, false))
        return w->package.why == NULL;
    x->start = style_start;
    x->end = style_end;
    x->arg = &r;
    part_xml_run(x);
    return w->package.why == NULL;
}

bool workbook_open(struct workbook *w, struct arena *a, struct str bytes, struct str sheet)
{
    *w = (struct workbook){0};
    struct relations of_package, of_workbook;
    if (!package_open(&w->package, a, bytes) || !read_relations(w, STR(""), &of_package))
        return false;
    w->part = related(w, &of_package, STR(""), STR("/officeDocument"));
    if (w->part.p == NULL) {
        /* zh: as above */
        w->package.why = "这个文件不是 XLSX 表格，请用 Excel 或 WPS 另存为 .xlsx";
        return false;
    }
    return read_relations(w, w->part, &of_workbook) && find_sheet(w, &of_workbook, sheet) &&
           read_shared(w, related(w, &of_workbook, w->part, STR("/sharedStrings"))) &&
           read_styles(w, related(w, &of_workbook, w->part, STR("/styles")));
}
