/* expat is told to stop at a document type declaration, before the first entity can grow. */
#include "part_xml.h"

#include "fault.h"

#include <string.h>

#define CHUNK_BYTES 65536

static void close_part(void *arg)
{
    struct part_xml *x = arg;
    if (x->parser != NULL)
        XML_ParserFree(x->parser);
    if (x->file != NULL)
        zip_fclose(x->file);
    x->parser = NULL;
    x->file = NULL;
}

static struct str without_prefix(const char *name)
{
    const char *colon = strrchr(name, ':');
    return str_of(colon == NULL ? name : colon + 1);
}

void part_xml_refuse(struct part_xml *x, const char *why)
{
    if (x->package->why == NULL)
        x->package->why = why;
    XML_StopParser(x->parser, XML_FALSE);
}

void part_xml_wait(struct part_xml *x)
{
    x->is_waiting = true;
    XML_StopParser(x->parser, XML_TRUE);
}

static void XMLCALL on_doctype(void *arg, const char *name, const char *system_id,
                               const char *public_id, int has_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    /* zh: sentences for table_fault_at() */
    part_xml_refuse(
        arg, "这个文件里有不允许的 XML 定义（DTD），没有打开；请用 Excel 或 WPS 另存为 .xlsx");
}

static void XMLCALL on_start(void *arg, const char *name, const char **attributes)
{
    struct part_xml *x = arg;
    if (x->package->why != NULL)
        return;
    if (++x->depth > XML_DEPTH_MAX)
        /* zh: as above */
        part_xml_refuse(x, "这个文件里的 XML 嵌套太深，没有打开");
    else if (x->start != NULL)
        x->start(x->arg, without_prefix(name), (const char *const *)attributes);
}

static void XMLCALL on_end(void *arg, const char *name)
{
    struct part_xml *x = arg;
    x->depth--;
    if (x->end != NULL && x->package->why == NULL)
        x->end(x->arg, without_prefix(name));
}

static void XMLCALL on_text(void *arg, const char *text, int n)
{
    struct part_xml *x = arg;
    if (x->text != NULL && x->package->why == NULL)
        x->text(x->arg, (struct str){text, (size_t)n});
}

bool part_xml_open(struct part_xml *x, struct package *p, struct str name, bool is_needed)
{
    *x = (struct part_xml){.package = p};
    x->file = package_part(p, name, &x->size);
    if (x->file == NULL) {
        if (is_needed && p->why == NULL)
            /* zh: as above */
            p->why = "这个文件不是 XLSX 表格，或缺了一部分；请用 Excel 或 WPS 另存为 .xlsx";
        return false;
    }
    x->parser = XML_ParserCreate(NULL);
    if (x->parser == NULL)
        BUG("no memory for expat");
    arena_defer(p->arena, close_part, x);
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return true;
}

static void read_chunk(struct part_xml *x)
{
    void *to = XML_GetBuffer(x->parser, CHUNK_BYTES);
    if (to == NULL)
        BUG("no memory for expat");
    int64_t got = package_read(x->package, x->file, to, CHUNK_BYTES);
    if (got < 0)
        return;
    x->done += (uint64_t)got;
    enum XML_Status status = XML_ParseBuffer(x->parser, (int)got, got == 0);
    if (status == XML_STATUS_ERROR && x->package->why == NULL)
        /* zh: as above */
        x->package->why = "这个 XLSX 文件里的 XML 坏了，请用 Excel 或 WPS 另存为 .xlsx 再导入";
    x->is_at_end = got == 0 && status == XML_STATUS_OK;
}

void part_xml_run(struct part_xml *x)
{
    if (x->is_waiting) {
        x->is_waiting = false;
        XML_ParsingStatus before;
        enum XML_Status status = XML_ResumeParser(x->parser);
        XML_GetParsingStatus(x->parser, &before);
        if (status == XML_STATUS_ERROR && x->package->why == NULL)
            /* zh: as above */
            x->package->why = "这个 XLSX 文件里的 XML 坏了，请用 Excel 或 WPS 另存为 .xlsx 再导入";
        x->is_at_end = before.parsing == XML_FINISHED && status == XML_STATUS_OK;
    }
    while (x->package->why == NULL && !x->is_waiting && !x->is_at_end)
        read_chunk(x);
    if (x->is_at_end || x->package->why != NULL)
        close_part(x);
}

struct str attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (str_is(without_prefix(attributes[i]), name))
            return str_of(attributes[i + 1]);
    return STR_NONE;
}
