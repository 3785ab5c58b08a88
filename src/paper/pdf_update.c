/* What cairo cannot write stands in an update behind its file (ISO 32000-1, 7.5.6): the catalog again with /Lang
 * and the form, the first page again with the signature's field, the field, its empty look, the signature with
 * room for its bytes, their places, and a trailer that points back. Reading is only of what cairo 1.16 writes
 * for version 1.4: a plain table of places, objects as text. */
#include "pdf.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "clock.h"

#define UPDATE_BYTES_MAX ((size_t)32 << 20)
#define OBJECTS_MAX      6
#define BYTE_RANGE       "/ByteRange [0 %010zu %010zu %010zu]"

struct old { /* what is known of the file so far */
    struct str pdf;
    int64_t size, root, info, table_at; /* numbers of objects, place of the table */
};
struct update {
    struct buf *b;
    struct {
        int64_t number;
        size_t at;
    } objects[OBJECTS_MAX];
    size_t count;
};

/* The number behind the last place where this word stands. */
static bool number_after(struct str s, const char *word, int64_t *ret)
{
    struct str w = str_of(word);
    for (size_t at = s.n < w.n ? 0 : s.n - w.n + 1; at-- > 0;) {
        if (memcmp(s.p + at, w.p, w.n) != 0)
            continue;
        struct str rest = {s.p + at + w.n, s.n - at - w.n};
        size_t from = 0, to;
        while (from < rest.n && (rest.p[from] == ' ' || rest.p[from] == '\n'))
            from++;
        for (to = from; to < rest.n && rest.p[to] >= '0' && rest.p[to] <= '9'; to++)
            ;
        return str_to_int((struct str){rest.p + from, to - from}, ret);
    }
    return false;
}

static bool read_old(struct str pdf, struct old *ret)
{
    struct str tail = {pdf.p + (pdf.n > 1024 ? pdf.n - 1024 : 0), pdf.n > 1024 ? 1024 : pdf.n};
    ret->pdf = pdf;
    return str_starts(pdf, STR("%PDF-1.4")) && number_after(tail, "startxref", &ret->table_at) &&
           number_after(tail, "/Size", &ret->size) && number_after(tail, "/Root", &ret->root) &&
           number_after(tail, "/Info", &ret->info) && ret->table_at > 0 &&
           (uint64_t)ret->table_at < pdf.n && ret->size > 0 && ret->size < 100000;
}

/* The dictionary of an object without its outer brackets. */
static bool read_dictionary(const struct old *o, int64_t number, struct str *ret)
{
    struct str table = {o->pdf.p + o->table_at, o->pdf.n - (size_t)o->table_at}, rest = table;
    char head[40];
    int64_t at;
    str_cut(&rest, '\n');
    str_cut(&rest, '\n');
    if (number < 1 || number >= o->size || rest.n < (size_t)(number + 1) * 20 ||
        !str_to_int((struct str){rest.p + number * 20, 10}, &at) || (uint64_t)at >= o->pdf.n)
        return false;
    struct str object = {o->pdf.p + at, o->pdf.n - (size_t)at};
    int n = snprintf(head, sizeof head, "%lld 0 obj\n<<", (long long)number);
    ptrdiff_t end = str_find(object, STR(">>\nendobj"));
    if (!str_starts(object, (struct str){head, (size_t)n}) || end < n)
        return false;
    *ret = (struct str){object.p + n, (size_t)(end - n)};
    return true;
}

static void begin_object(struct update *u, int64_t number)
{
    u->objects[u->count].number = number;
    u->objects[u->count++].at = u->b->n;
    buf_fmt(u->b, "%lld 0 obj\n", (long long)number);
}

/* Text as UTF-16 with its mark (7.9.2.2); characters beyond the plane are written as two. */
static void put_text(struct buf *b, struct str s)
{
    size_t at = 0;
    buf_lit(b, "<FEFF");
    while (at < s.n) {
        uint32_t ch = str_next_char(s, &at);
        if (ch >= 0x10000)
            buf_fmt(b, "%04X%04X", (unsigned)(0xd800 + ((ch - 0x10000) >> 10)),
                    (unsigned)(0xdc00 + ((ch - 0x10000) & 0x3ff)));
        else
            buf_fmt(b, "%04X", (unsigned)ch);
    }
    buf_lit(b, ">");
}

static void put_instant(struct buf *b, int64_t at, int zone_minutes)
{
    char text[INSTANT_TEXT_MAX];
    instant_print(text, at, zone_minutes); /* 2026-03-02T09:00:00+08:00 */
    buf_fmt(b, "(D:%.4s%.2s%.2s%.2s%.2s%.2s+%02d'%02d')", text, text + 5, text + 8, text + 11,
            text + 14, text + 17, zone_minutes / 60, zone_minutes % 60);
}

/* Objects that are new: field, its look, signature. */
static void put_signature_room(struct update *u, const struct old *o, int64_t page,
                               const struct pdf_signing *s, size_t *ret_range, size_t *ret_room)
{
    struct buf *b = u->b;
    int64_t field = o->size, look = o->size + 1, signature = o->size + 2;
    begin_object(u, field);
    buf_fmt(
        b,
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /F 132 /Rect [0 0 0 0] /P %lld 0 R "
        "/V %lld 0 R /AP << /N %lld 0 R >> >>\nendobj\n",
        (long long)page, (long long)signature, (long long)look);
    begin_object(u, look);
    buf_lit(b,
            "<< /Type /XObject /Subtype /Form /BBox [0 0 0 0] /Length 0 >>\nstream\n\nendstream\n"
            "endobj\n");
    begin_object(u, signature);
    buf_lit(b, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached\n");
    *ret_range = b->n;
    buf_fmt(b, BYTE_RANGE "\n/Contents ", (size_t)0, (size_t)0, (size_t)0);
    *ret_room = b->n;
    buf_char(b, '<');
    for (size_t i = 0; i < s->signature_bytes_max; i++)
        buf_lit(b, "00");
    buf_lit(b, ">\n/M ");
    put_instant(b, s->at, s->zone_minutes);
    buf_lit(b, "\n/Name ");
    put_text(b, s->name);
    buf_lit(b, "\n/Reason ");
    put_text(b, s->reason);
    buf_fmt(b, "\n/ContactInfo (%.*s)", STR_ARG(s->contact));
    buf_lit(b, " >>\nendobj\n");
}

static bool put_catalog(struct update *u, const struct old *o, bool has_signature)
{
    struct str catalog;
    if (!read_dictionary(o, o->root, &catalog))
        return false;
    begin_object(u, o->root);
    buf_lit(u->b, "<<");
    buf_str(u->b, catalog);
    buf_lit(u->b, "   /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>\n");
    if (has_signature)
        buf_fmt(u->b, "   /AcroForm << /SigFlags 3 /Fields [%lld 0 R] >>\n", (long long)o->size);
    buf_lit(u->b, ">>\nendobj\n");
    return true;
}

static bool put_page(struct update *u, const struct old *o, int64_t *ret_page)
{
    struct str catalog, pages, page;
    int64_t number;
    if (!read_dictionary(o, o->root, &catalog) || !number_after(catalog, "/Pages", &number) ||
        !read_dictionary(o, number, &pages) || !number_after(pages, "/Kids [", ret_page) ||
        !read_dictionary(o, *ret_page, &page))
        return false;
    begin_object(u, *ret_page);
    buf_lit(u->b, "<<");
    buf_str(u->b, page);
    buf_fmt(u->b, "   /Annots [%lld 0 R]\n>>\nendobj\n", (long long)o->size);
    return true;
}

static void put_trailer(struct update *u, const struct old *o, bool has_signature)
{
    size_t at = u->b->n;
    buf_lit(u->b, "xref\n");
    for (size_t i = 0; i < u->count; i++)
        buf_fmt(u->b, "%lld 1\n%010zu 00000 n \n", (long long)u->objects[i].number,
                u->objects[i].at);
    buf_fmt(u->b,
            "trailer\n<< /Size %lld /Root %lld 0 R /Info %lld 0 R /Prev %lld >>\n"
            "startxref\n%zu\n%%%%EOF\n",
            (long long)(o->size + (has_signature ? 3 : 0)), (long long)o->root, (long long)o->info,
            (long long)o->table_at, at);
}

bool pdf_make_ready(struct arena *a, struct str pdf, const struct pdf_signing *s,
                    struct pdf_ready *ret)
{
    struct old o;
    struct buf b;
    struct update u = {.b = &b};
    size_t range = 0, room = 0, room_n = 2 * s->signature_bytes_max + 2;
    int64_t page;
    char text[80];
    buf_init(&b, a, UPDATE_BYTES_MAX);
    buf_str(&b, pdf);
    if (!read_old(pdf, &o) || !put_catalog(&u, &o, s->has_signature))
        return false;
    if (s->has_signature) {
        if (!put_page(&u, &o, &page))
            return false;
        put_signature_room(&u, &o, page, s, &range, &room);
    }
    put_trailer(&u, &o, s->has_signature);
    if (buf_overflowed(&b))
        return false;
    *ret = (struct pdf_ready){.bytes = buf_as_str(&b)};
    if (!s->has_signature)
        return true;
    int n = snprintf(text, sizeof text, BYTE_RANGE, room, room + room_n, b.n - room - room_n);
    memcpy(b.p + range, text, (size_t)n);
    ret->room = b.p + room + 1;
    ret->room_bytes = s->signature_bytes_max;
    ret->parts[0] = (struct str){b.p, room};
    ret->parts[1] = (struct str){b.p + room + room_n, b.n - room - room_n};
    return true;
}

bool pdf_put_signature(struct pdf_ready *r, struct str signature)
{
    static const char digits[] = "0123456789abcdef";
    if (signature.n == 0 || signature.n > r->room_bytes)
        return false;
    for (size_t i = 0; i < signature.n; i++) {
        r->room[2 * i] = digits[(uint8_t)signature.p[i] >> 4];
        r->room[2 * i + 1] = digits[(uint8_t)signature.p[i] & 15];
    }
    return true;
}
