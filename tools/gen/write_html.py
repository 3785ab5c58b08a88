"""Prints compiled templates as C functions, with #line back to the template so that the C compiler's
errors point there."""

from cwrite import BACK, c_long_string, guarded, size
from model import C_TYPES


def declared(x):
    if x.type in C_TYPES:
        return f"{C_TYPES[x.type]} {x.name}"
    return f"const struct {x.type}{'_list' if x.is_list else ''} *{x.name}"


def parameters(t):
    return "".join(", " + declared(x) for x in t.params)


def signature(t):
    if t.kind == "layout":
        return f"void layout_{t.name}(struct buf *b, struct ctx *c{parameters(t)}, view_page *body_, const void *args_)"
    return f"void {t.name}(struct buf *b, struct ctx *c{parameters(t)})"


def template_prototypes(f):
    return [signature(t) + ";" for t in f.templates]


def statements(t):
    """The body's lines. A #line stands wherever the template's line is not the one the compiler expects."""
    out, expected = [], None
    for item in t.code:
        if item[0] == "lit":
            text = f"    buf_put(b, {c_long_string(item[1], '        ')}, {size(item[1])});"
            out += text.split("\n")
            expected = None if expected is None else expected + text.count("\n") + 1
            continue
        _, line, code = item
        if line != expected:
            out.append(f'#line {line} "{t.place.file}"')
        out.append("    " + code)
        expected = line + 1
    return out


def unused(names):
    return [f"    (void){n};" for n in names]


def page(t):
    args = f"struct {t.name}_args_"
    members = "".join(f"    {declared(x)};\n" for x in t.params)
    out = [
        f"{args} {{",
        (members or "    char none;\n").rstrip("\n"),
        "};",
        "",
        f"static void {t.name}_body_(struct buf *b, struct ctx *c, const void *args_)",
        "{",
        f"    const {args} *a_ = args_;",
    ]
    for x in t.params:
        out.append(f"    {declared(x)} = a_->{x.name};")
    out += unused(["a_", "b", "c"] + [x.name for x in t.params]) + statements(t) + [BACK, "}", ""]
    values = ", ".join(x.name for x in t.params) or "0"
    out += [signature(t), "{", f"    const {args} a_ = {{{values}}};"]
    if t.layout:
        out += [
            f'#line {t.place.line} "{t.place.file}"',
            f"    layout_{t.layout}(b, c{''.join(', ' + a for a in t.layout_args)}, {t.name}_body_, &a_);",
            BACK,
        ]
    else:
        out.append(f"    {t.name}_body_(b, c, &a_);")
    return out + ["}", ""]


def template_code(project, f):
    if not f.templates:
        return ""
    out = (
        ["", '#include "clock.h"', '#include "pages.h"'] + [f'#include "{h}"' for h in dict.fromkeys(f.headers)] + [""]
    )
    for t in f.templates:
        if t.kind == "page":
            out += page(t)
        else:
            out += (
                [signature(t), "{"] + unused(["b", "c"] + [x.name for x in t.params]) + statements(t) + [BACK, "}", ""]
            )
    return "\n".join(out) + "\n"


PAGES_H = r"""#include "web.h"

#define PAGE_HOLE_BYTES ((size_t)64 * 1024)

struct page_hole { /* a value of a translated text, escaped already */
    const char *name;
    struct str html;
};

static inline const struct page_hole *page_hole_named(const struct page_hole *holes, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(name, holes[i].name))
            return &holes[i];
    return NULL;
}

/* Prints a translated text: its words escaped, its {name} holes replaced by the values. */
static inline void page_fill(struct buf *b, struct str msg, const struct page_hole *holes, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < msg.n; i++) {
        if (msg.p[i] != '{')
            continue;
        size_t end = i + 1;
        while (end < msg.n && msg.p[end] != '}')
            end++;
        const struct page_hole *h = page_hole_named(holes, n, (struct str){msg.p + i + 1, end - i - 1});
        if (end == msg.n || h == NULL)
            continue;
        html_text(b, (struct str){msg.p + from, i - from});
        buf_str(b, h->html);
        i = end;
        from = end + 1;
    }
    if (from < msg.n)
        html_text(b, (struct str){msg.p + from, msg.n - from});
}

/* A piece of an address behind our own literal: all but unreserved characters (RFC 3986, 2.3) is
 * percent-encoded, so that it can neither end the attribute nor begin another part of the address. */
static inline void page_url_part(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
                     ch == '-' || ch == '.' || ch == '_' || ch == '~';
        if (plain) {
            buf_char(b, (char)ch);
        } else {
            buf_char(b, '%');
            buf_char(b, hex[ch >> 4]);
            buf_char(b, hex[ch & 15]);
        }
    }
}
"""


def write_pages():
    return {"pages.h": guarded("pages.h", PAGES_H, "what template code calls besides web.h.")}
