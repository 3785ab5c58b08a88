/* Reading, filling in and answering of scripts; see script.h. */
#include "script.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void wrong(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(2);
}

static char **read_lines(const char *name, size_t *ret_count)
{
    FILE *f = fopen(name, "r");
    if (f == NULL) wrong(name, 0, strerror(errno));
    char **lines = NULL, text[4096];
    size_t n = 0;
    while (fgets(text, sizeof text, f) != NULL) {
        text[strcspn(text, "\r\n")] = 0;
        if (text[0] == 0) continue;
        lines = realloc(lines, (n + 1) * sizeof *lines);
        if (lines == NULL || (lines[n++] = strdup(text)) == NULL) wrong(name, 0, "no memory");
    }
    fclose(f);
    if (n == 0) wrong(name, 0, "is empty");
    *ret_count = n;
    return lines;
}

static int var_of(struct script *s, const char *name, size_t size)
{
    for (int i = 0; i < s->var_count; i++)
        if (strlen(s->vars[i]) == size && memcmp(s->vars[i], name, size) == 0) return i;
    if (s->var_count == VARS_MAX || size >= sizeof s->vars[0]) wrong("script", 0, "too many or too long names");
    memcpy(s->vars[s->var_count], name, size);
    s->vars[s->var_count][size] = 0;
    return s->var_count++;
}

static void add_step(struct script *s, const char *file, int at, const char *text, int as_var, bool may_fail)
{
    if (s->step_count == STEPS_MAX) wrong(file, at, "too many requests");
    struct step *p = &s->steps[s->step_count++];
    int used = 0;
    if (sscanf(text, "%7s %1023s %n", p->method, p->path, &used) < 2) wrong(file, at, "METHOD /path BODY expected");
    if (strlen(text + used) >= sizeof p->body) wrong(file, at, "body too long");
    memcpy(p->body, text + used, strlen(text + used) + 1);
    p->as_var = as_var;
    p->may_fail = may_fail;
}

static void add_take(struct script *s, const char *file, int at, const char *text, bool needed)
{
    char name[32], path[64];
    if (sscanf(text, "%31s %63s", name, path) != 2) wrong(file, at, "NAME and path expected");
    if (s->step_count == 0 || s->take_count == TAKES_MAX) wrong(file, at, "nothing to take from, or too many");
    struct take *t = &s->takes[s->take_count++];
    t->var = var_of(s, name, strlen(name));
    t->step = s->step_count - 1;
    t->needed = needed;
    memcpy(t->path, path, sizeof path);
}

void script_read(struct script *s, const char *file)
{
    size_t count;
    char **lines = read_lines(file, &count);
    int as_var = -1;
    bool in_visit = false;
    for (size_t i = 0; i < count; i++) {
        char *l = lines[i];
        int at = (int)i + 1;
        while (isspace((unsigned char)*l)) l++;
        if (*l == '#' || strcmp(l, "setup") == 0) continue;
        if (strcmp(l, "visit") == 0) { in_visit = true; s->setup_count = s->step_count; as_var = -1; }
        else if (strncmp(l, "take ", 5) == 0) add_take(s, file, at, l + 5, false);
        else if (strncmp(l, "need ", 5) == 0) add_take(s, file, at, l + 5, true);
        else if (strncmp(l, "as ", 3) == 0) as_var = strcmp(l + 3, "nobody") == 0 ? -1 : var_of(s, l + 3, strlen(l + 3));
        else if (strncmp(l, "try ", 4) == 0) add_step(s, file, at, l + 4, as_var, true);
        else add_step(s, file, at, l, as_var, false);
    }
    if (!in_visit || s->step_count == s->setup_count) wrong(file, 0, "no request after `visit`");
}

void script_single(struct script *s, const char *method, const char *path, const char *body)
{
    struct step *p = &s->steps[0];
    if (strlen(method) >= sizeof p->method || strlen(path) >= sizeof p->path || strlen(body) >= sizeof p->body)
        wrong("load", 0, "method, path or body too long");
    memcpy(p->method, method, strlen(method) + 1);
    memcpy(p->path, path, strlen(path) + 1);
    memcpy(p->body, body, strlen(body) + 1);
    p->as_var = -1;
    s->step_count = 1;
}

void script_lines(struct script *s, const char *file)
{
    s->lines = read_lines(file, &s->line_count);
}

static const struct script_file *file_of(struct script *s, const char *name, size_t size)
{
    for (int i = 0; i < s->file_count; i++)
        if (strncmp(s->files[i].name, name, size) == 0 && s->files[i].name[size] == 0) return &s->files[i];
    if (s->file_count == FILES_MAX || size >= sizeof s->files[0].name) wrong("script", 0, "too many files");
    struct script_file *f = &s->files[s->file_count++];
    memcpy(f->name, name, size);
    f->lines = read_lines(f->name, &f->count);
    return f;
}

/* Behind the key and a tab, on the line of the file that begins with it. */
static const char *line_of_key(const struct script_file *f, const char *key)
{
    size_t size = strlen(key);
    for (size_t i = 0; i < f->count; i++)
        if (strncmp(f->lines[i], key, size) == 0 && f->lines[i][size] == '\t') return f->lines[i] + size + 1;
    return "";
}

struct out { char *p; size_t n, size; };

static void put(struct out *o, const char *text, size_t n)
{
    if (o->n + n > o->size) { o->n = o->size + 1; return; }
    memcpy(o->p + o->n, text, n);
    o->n += n;
}
__attribute__((format(printf, 2, 3))) static void putf(struct out *o, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    put(o, text, n < 0 ? 0 : (size_t)n);
}

static void put_hole(struct out *o, struct script *s, const struct speaker *who, const char *name, size_t size)
{
    if (size == 1 && *name == 'n') putf(o, "%llu", who->visit);
    else if (size == 1 && *name == 'c') putf(o, "%02d", who->number);
    else if (size == 1 && *name == 'k')
        putf(o, "%08lx%08lx%08lx%08lx", random(), random(), random(), random());
    else if (size == 4 && memcmp(name, "line", 4) == 0 && s->lines != NULL) {
        const char *l = s->lines[(size_t)random() % s->line_count];
        put(o, l, strlen(l));
    } else if (size > 3 && memcmp(name, "at:", 3) == 0) {
        const struct script_file *f = file_of(s, name + 3, size - 3);
        const char *l = f->lines[(size_t)(who->number - 1) % f->count];
        put(o, l, strlen(l));
    } else if (size > 4 && memcmp(name, "map:", 4) == 0 && memchr(name + 4, ':', size - 4) != NULL) {
        const char *key = memchr(name + 4, ':', size - 4);
        const struct script_file *f = file_of(s, name + 4, (size_t)(key - name - 4));
        const char *l = line_of_key(f, who->values[var_of(s, key + 1, (size_t)(name + size - key - 1))]);
        put(o, l, strlen(l));
    } else {
        const char *v = who->values[var_of(s, name, size)];
        put(o, v, strlen(v));
    }
}

/* A hole is {name}, with nothing in it that JSON would have: {"a":1} is left alone. */
static void fill(struct out *o, struct script *s, const struct speaker *who, const char *text)
{
    for (const char *p = text; *p != 0; p++) {
        if (*p == '{' && isalpha((unsigned char)p[1])) {
            size_t n = strcspn(p + 1, "}\"{ ");
            if (p[1 + n] == '}') {
                put_hole(o, s, who, p + 1, n);
                p += n + 1;
                continue;
            }
        }
        put(o, p, 1);
    }
}

size_t script_render(struct script *s, int step, const struct speaker *who, char *out, size_t size)
{
    const struct step *p = &s->steps[step];
    char body_text[8192];
    struct out body = {body_text, 0, sizeof body_text}, o = {out, 0, size};
    if (p->body[0] != 0) fill(&body, s, who, p->body);
    putf(&o, "%s ", p->method);
    fill(&o, s, who, p->path);
    putf(&o, " HTTP/1.1\r\nHost: %s\r\n%s", s->host, s->headers ? s->headers : "");
    if (p->as_var >= 0) putf(&o, "Authorization: Bearer %s\r\n", who->values[p->as_var]);
    if (strcmp(p->method, "GET") != 0) putf(&o, "Content-Type: application/json\r\nContent-Length: %zu\r\n", body.n);
    put(&o, "\r\n", 2);
    put(&o, body_text, body.n <= body.size ? body.n : 0);
    return o.n <= o.size && body.n <= body.size ? o.n : 0;
}

/* ---- the little of JSON that is needed: one value by its path ------------------------------ */

struct json_at { const char *p, *end; };

static void skip_space(struct json_at *j)
{
    while (j->p < j->end && isspace((unsigned char)*j->p)) j->p++;
}

static void skip_string(struct json_at *j)
{
    for (j->p++; j->p < j->end && *j->p != '"'; j->p++)
        if (*j->p == '\\') j->p++;
    j->p++;
}

static void skip_value(struct json_at *j)
{
    int depth = 0;
    skip_space(j);
    while (j->p < j->end) {
        char ch = *j->p;
        if (ch == '"') { skip_string(j); if (depth == 0) return; continue; }
        if (ch == '{' || ch == '[') depth++;
        else if (ch == '}' || ch == ']') { if (depth == 0) return; depth--; if (depth == 0) { j->p++; return; } }
        else if (depth == 0 && ch == ',') return;
        j->p++;
    }
}

/* Moves into the member (or list element) `key`; false when it is not there. */
static bool go_down(struct json_at *j, const char *key, size_t size)
{
    skip_space(j);
    if (j->p >= j->end) return false;
    if (*j->p == '[') {
        long n = strtol(key, NULL, 10);
        j->p++;
        for (skip_space(j); n > 0; n--) {
            skip_value(j);
            skip_space(j);
            if (j->p >= j->end || *j->p++ != ',') return false;
        }
        skip_space(j);
        return j->p < j->end && *j->p != ']';
    }
    if (*j->p != '{') return false;
    for (j->p++;;) {
        skip_space(j);
        if (j->p >= j->end || *j->p != '"') return false;
        const char *name = j->p + 1;
        skip_string(j);
        size_t n = (size_t)(j->p - 1 - name);
        skip_space(j);
        if (j->p >= j->end || *j->p++ != ':') return false;
        if (n == size && memcmp(name, key, size) == 0) return true;
        skip_value(j);
        skip_space(j);
        if (j->p >= j->end || *j->p++ != ',') return false;
    }
}

static bool json_value(const char *json, size_t size, const char *path, char *ret, size_t ret_size)
{
    struct json_at j = {json, json + size};
    for (const char *p = path; *p != 0;) {
        size_t n = strcspn(p, ".");
        if (!go_down(&j, p, n)) return false;
        p += n + (p[n] == '.');
    }
    skip_space(&j);
    if (j.p >= j.end || *j.p == 'n') return false; /* null */
    const char *start = j.p;
    bool is_string = *start == '"';
    skip_value(&j);
    size_t n = (size_t)(j.p - start) - (is_string ? 2 : 0);
    if (n >= ret_size) return false;
    memcpy(ret, start + is_string, n);
    ret[n] = 0;
    return true;
}

bool script_take(const struct script *s, int step, struct speaker *who, const char *json, size_t size)
{
    bool good = true;
    for (int i = 0; i < s->take_count; i++) {
        const struct take *t = &s->takes[i];
        if (t->step != step) continue;
        if (!json_value(json, size, t->path, who->values[t->var], VAR_SIZE) && t->needed) good = false;
    }
    return good;
}
