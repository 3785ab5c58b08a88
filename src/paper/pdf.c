/* Drawing a letter. It is laid out twice by the same code, first without ink to learn how many pages it has.
 * One face of one font: cutting the characters out of another would cost as much again. A row of the table may
 * be longer than a page; it is drawn line by line. Font maps are pango's own, one a thread. */
#include "pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <string.h>

#include "buf.h"
#include "clock.h"

#define PAGE_WIDTH    595.28 /* A4, points */
#define PAGE_HEIGHT   841.89
#define MARGIN        62.0
#define INNER         (PAGE_WIDTH - 2 * MARGIN)
#define BOTTOM        (PAGE_HEIGHT - 70.0)
#define LABEL_WIDTH   104.0
#define PAD           4.0
#define ROW_SIZE      11.0 /* of the table's text */
#define LEADING       1.12
#define SEAL_RADIUS   56.0 /* 40 mm across */
#define QR_SIZE       72.0
#define PDF_BYTES_MAX ((size_t)16 << 20)
#define FONT          "Noto Serif CJK SC"

struct sheet {
    const struct pdf_letter *l;
    struct arena *arena;
    cairo_surface_t *surface;
    cairo_t *cr;
    bool is_dry; /* nothing is drawn */
    int page, pages;
    double y;
};

#ifdef __SANITIZE_ADDRESS__
/* What these libraries keep for the next page until the process ends is theirs; what we leak is still found. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo\nleak:libpango\nleak:libglib\nleak:libharfbuzz\n";
}
#endif

static cairo_status_t take_bytes(void *closure, const unsigned char *p, unsigned n)
{
    struct buf *b = closure;
    buf_put(b, (const char *)p, n);
    return buf_overflowed(b) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* --- text -------------------------------------------------------------------------------------------- */

static PangoLayout *lay_out(struct sheet *s, struct str text, double size, double width)
{
    PangoLayout *layout = pango_cairo_create_layout(s->cr);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, FONT);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_context_set_language(pango_layout_get_context(layout),
                               pango_language_from_string("zh-CN"));
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text.n > 0 ? text.p : "", (int)text.n);
    pango_layout_set_line_spacing(layout, 1.2F);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (width > 0)
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_font_description_free(font);
    return layout;
}

static double height_of(PangoLayout *layout)
{
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)height / PANGO_SCALE;
}

static double width_of(PangoLayout *layout)
{
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)width / PANGO_SCALE;
}

static void show(struct sheet *s, PangoLayout *layout, double x, double y)
{
    if (s->is_dry)
        return;
    cairo_move_to(s->cr, x, y);
    pango_cairo_show_layout(s->cr, layout);
}

/* One short text; gives its height. align: 0 left, 0.5 in the middle, 1 right of x. */
static double put_text(struct sheet *s, struct str text, double size, double x, double y,
                       double align)
{
    PangoLayout *layout = lay_out(s, text, size, 0);
    show(s, layout, x - align * width_of(layout), y);
    double height = height_of(layout);
    g_object_unref(layout);
    return height;
}

/* --- pages ------------------------------------------------------------------------------------------- */

static void ink(struct sheet *s, double r, double g, double b)
{
    cairo_set_source_rgb(s->cr, r, g, b);
}

static void end_page(struct sheet *s)
{
    struct str number =
        str_fmt(s->arena, "%.*s　第 %d 页，共 %d 页", STR_ARG(s->l->number), s->page, s->pages);
    ink(s, 0.25, 0.25, 0.25);
    put_text(s, number, 9, PAGE_WIDTH / 2, PAGE_HEIGHT - 46, 0.5);
    ink(s, 0, 0, 0);
    if (!s->is_dry)
        cairo_show_page(s->cr);
}

static void begin_page(struct sheet *s)
{
    s->page++;
    s->y = 52;
    ink(s, 0.55, 0, 0);
    if (s->l->mark.n > 0)
        put_text(s, s->l->mark, 9, PAGE_WIDTH - MARGIN, 30, 1);
    ink(s, 0, 0, 0);
}

static void need_room(struct sheet *s, double height)
{
    if (s->y + height <= BOTTOM)
        return;
    end_page(s);
    begin_page(s);
}

/* --- the table --------------------------------------------------------------------------------------- */

/* So many lines from `first` on as fit into the room, and how high they are. */
static int lines_that_fit(PangoLayout *layout, int first, double room, double *ret_height)
{
    int n = first, count = pango_layout_get_line_count(layout);
    *ret_height = 0;
    while (n < count) {
        PangoRectangle logical;
        pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, n), NULL, &logical);
        double height = (double)logical.height / PANGO_SCALE * LEADING;
        if (n > first && *ret_height + height > room)
            break;
        *ret_height += height;
        n++;
    }
    return n - first;
}

static void show_lines(struct sheet *s, PangoLayout *layout, int first, int count, double x,
                       double y)
{
    for (int i = first; i < first + count && !s->is_dry; i++) {
        PangoRectangle logical;
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        pango_layout_line_get_extents(line, NULL, &logical);
        double height = (double)logical.height / PANGO_SCALE * LEADING;
        cairo_move_to(s->cr, x, y - (double)logical.y / PANGO_SCALE + height * (LEADING - 1) / 2);
        pango_cairo_show_layout_line(s->cr, line);
        y += height;
    }
}

static void box(struct sheet *s, double x, double y, double width, double height)
{
    if (s->is_dry)
        return;
    cairo_set_line_width(s->cr, 0.6);
    cairo_rectangle(s->cr, x, y, width, height);
    cairo_stroke(s->cr);
}

static void put_row(struct sheet *s, const struct pdf_row *row)
{
    PangoLayout *label = lay_out(s, row->label, ROW_SIZE, LABEL_WIDTH - 2 * PAD);
    PangoLayout *text = lay_out(s, row->text, ROW_SIZE, INNER - LABEL_WIDTH - 2 * PAD);
    int first = 0, count = pango_layout_get_line_count(text);
    do {
        double height, least = height_of(label) + 2 * PAD;
        need_room(s, least);
        int n = lines_that_fit(text, first, BOTTOM - s->y - 2 * PAD, &height);
        height = height + 2 * PAD > least ? height + 2 * PAD : least;
        box(s, MARGIN, s->y, LABEL_WIDTH, height);
        box(s, MARGIN + LABEL_WIDTH, s->y, INNER - LABEL_WIDTH, height);
        show(s, label, MARGIN + PAD, s->y + PAD);
        show_lines(s, text, first, n, MARGIN + LABEL_WIDTH + PAD, s->y + PAD);
        s->y += height;
        first += n;
        if (first < count) {
            end_page(s);
            begin_page(s);
        }
    } while (first < count);
    g_object_unref(label);
    g_object_unref(text);
}

static void put_paragraph(struct sheet *s, struct str text)
{
    if (text.n == 0)
        return;
    PangoLayout *layout = lay_out(s, text, 11.5, INNER);
    int first = 0, count = pango_layout_get_line_count(layout);
    s->y += 14;
    while (first < count) {
        double height;
        need_room(s, 20);
        int n = lines_that_fit(layout, first, BOTTOM - s->y, &height);
        show_lines(s, layout, first, n, MARGIN, s->y);
        s->y += height;
        first += n;
    }
    g_object_unref(layout);
}

/* --- the seal ---------------------------------------------------------------------------------------- */

static void star(cairo_t *cr, double x, double y, double radius)
{
    for (int i = 0; i < 5; i++) {
        double angle = -M_PI / 2 + i * 4 * M_PI / 5;
        cairo_line_to(cr, x + radius * cos(angle), y + radius * sin(angle));
    }
    cairo_close_path(cr);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
    cairo_fill(cr);
}

/* The organ's name along the upper arc, each character upright to the middle. */
static void arc_text(struct sheet *s, struct str text, double x, double y)
{
    size_t chars = str_chars(text), at = 0;
    double step = chars > 1 ? fmin(0.42, 4.4 / (double)(chars - 1)) : 0;
    double size = chars > 12 ? 9.5 : 12;
    for (size_t i = 0; i < chars; i++) {
        size_t from = at;
        str_next_char(text, &at);
        PangoLayout *layout = lay_out(s, (struct str){text.p + from, at - from}, size, 0);
        cairo_save(s->cr);
        cairo_translate(s->cr, x, y);
        cairo_rotate(s->cr, ((double)i - (double)(chars - 1) / 2) * step);
        show(s, layout, -width_of(layout) / 2, -SEAL_RADIUS + 5);
        cairo_restore(s->cr);
        g_object_unref(layout);
    }
}

static void put_seal(struct sheet *s, double x, double y)
{
    if (s->l->seal.n == 0 || s->is_dry)
        return;
    ink(s, 0.8, 0.05, 0.05);
    cairo_set_line_width(s->cr, 3);
    cairo_new_path(s->cr);
    cairo_arc(s->cr, x, y, SEAL_RADIUS - 1.5, 0, 2 * M_PI);
    cairo_stroke(s->cr);
    star(s->cr, x, y, 17);
    arc_text(s, s->l->organ, x, y);
    put_text(s, s->l->seal, 11, x, y + 20, 0.5);
    ink(s, 0, 0, 0);
}

/* --- the end ----------------------------------------------------------------------------------------- */

static void put_qr(struct sheet *s, double x, double y)
{
    if (s->is_dry || s->l->check_address.n == 0)
        return;
    QRcode *code = QRcode_encodeString8bit(str_z(s->arena, s->l->check_address), 0, QR_ECLEVEL_M);
    if (code == NULL)
        return;
    double unit = QR_SIZE / code->width;
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if ((code->data[row * code->width + column] & 1) != 0)
                cairo_rectangle(s->cr, x + column * unit, y + row * unit, unit, unit);
    cairo_fill(s->cr);
    QRcode_free(code);
}

static void put_end(struct sheet *s)
{
    need_room(s, 2 * SEAL_RADIUS + 18);
    double top = s->y + 14, middle = PAGE_WIDTH - MARGIN - 95;
    put_seal(s, middle, top + SEAL_RADIUS - 4);
    put_text(s, s->l->organ, 12.5, middle, top + 28, 0.5);
    put_text(s, s->l->date, 12.5, middle, top + 52, 0.5);
    put_qr(s, MARGIN, top + 6);
    PangoLayout *words = lay_out(s, s->l->check_words, 8.5, 165);
    show(s, words, MARGIN + QR_SIZE + 12, top + 8);
    g_object_unref(words);
    s->y = top + 2 * SEAL_RADIUS;
}

static void put_all(struct sheet *s)
{
    s->page = 0;
    begin_page(s);
    s->y += put_text(s, s->l->organ, 15, PAGE_WIDTH / 2, s->y, 0.5) + 6;
    s->y += put_text(s, s->l->title, 23, PAGE_WIDTH / 2, s->y, 0.5) + 10;
    s->y += put_text(s, s->l->number, 11.5, PAGE_WIDTH - MARGIN, s->y, 1) + 10;
    if (s->l->addressee.n > 0) {
        struct str to = str_fmt(s->arena, "%.*s：", STR_ARG(s->l->addressee));
        s->y += put_text(s, to, 13, MARGIN, s->y, 0) + 10;
    }
    for (size_t i = 0; i < s->l->row_count; i++)
        put_row(s, &s->l->rows[i]);
    put_paragraph(s, s->l->closing);
    put_end(s);
    end_page(s);
    s->pages = s->page;
}

static void describe(struct sheet *s)
{
    char at[INSTANT_TEXT_MAX + 1] = "";
    at[instant_print(at, s->l->made_at / SECOND_MS * SECOND_MS, s->l->zone_minutes)] = '\0';
    const char *title = str_z(s->arena, str_fmt(s->arena, "%.*s %.*s", STR_ARG(s->l->title),
                                                STR_ARG(s->l->number)));
    cairo_pdf_surface_restrict_to_version(s->surface, CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_AUTHOR,
                                   str_z(s->arena, s->l->organ));
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_KEYWORDS,
                                   str_z(s->arena, s->l->keywords));
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATOR, "OneWindow");
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
}

struct str pdf_letter_draw(struct arena *a, const struct pdf_letter *l)
{
    struct buf b;
    struct sheet s = {.l = l, .arena = a, .is_dry = true};
    buf_init(&b, a, PDF_BYTES_MAX);
    s.surface = cairo_pdf_surface_create_for_stream(take_bytes, &b, PAGE_WIDTH, PAGE_HEIGHT);
    s.cr = cairo_create(s.surface);
    describe(&s);
    put_all(&s);
    s.is_dry = false;
    put_all(&s);
    cairo_status_t drawn = cairo_status(s.cr);
    cairo_destroy(s.cr);
    cairo_surface_finish(s.surface);
    cairo_status_t ended = cairo_surface_status(s.surface);
    cairo_surface_destroy(s.surface);
    bool is_whole = drawn == CAIRO_STATUS_SUCCESS && ended == CAIRO_STATUS_SUCCESS;
    return is_whole && !buf_overflowed(&b) ? buf_as_str(&b) : STR_NONE;
}
