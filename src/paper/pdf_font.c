/* A small copy of the font. cairo copies the whole outline table of a font (16 to 20 MB in Noto CJK) for every file it
 * writes before it cuts the used characters out. So the characters that papers are made of, those of GB 2312 (6,763 Han
 * characters and the signs), are cut out once, into a file of a few MB, and pages are drawn with that; a rarer
 * character of a name comes from the whole of Noto Sans CJK SC behind it. (The whole Serif behind it would be taken
 * for everything: fontconfig cannot tell the two apart.) */
#include "pdf.h"

#include <fontconfig/fontconfig.h>
#include <hb-subset.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdio.h>
#include <unistd.h>

#include "encoding.h"

#define FAMILY   "Noto Serif CJK SC"
#define FALLBACK "Noto Sans CJK SC"

/* Where the whole font lies, and which of the faces in its file is ours. */
static bool find_font(struct arena *a, const char *name, const char **ret_path, int *ret_index)
{
    FcPattern *wanted = FcPatternBuild(NULL, FC_FAMILY, FcTypeString, name, FC_WEIGHT,
                                       FcTypeInteger, FC_WEIGHT_REGULAR, (char *)NULL);
    FcResult result;
    FcChar8 *path = NULL, *family = NULL;
    FcConfigSubstitute(NULL, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    FcPattern *found = FcFontMatch(NULL, wanted, &result);
    bool is_found = found != NULL &&
                    FcPatternGetString(found, FC_FAMILY, 0, &family) == FcResultMatch &&
                    str_is(str_of((const char *)family), name) &&
                    FcPatternGetString(found, FC_FILE, 0, &path) == FcResultMatch &&
                    FcPatternGetInteger(found, FC_INDEX, 0, ret_index) == FcResultMatch;
    if (is_found)
        *ret_path = str_z(a, str_of((const char *)path));
    if (found != NULL)
        FcPatternDestroy(found);
    FcPatternDestroy(wanted);
    return is_found;
}

/* ASCII, and all of GB 2312 by way of its bytes. */
static void common_characters(struct arena *a, hb_set_t *set)
{
    hb_set_add_range(set, 0x20, 0x7e);
    for (int high = 0xa1; high <= 0xf7; high++)
        for (int low = 0xa1; low <= 0xfe; low++) {
            const char pair[2] = {(char)high, (char)low};
            struct str utf8;
            size_t at = 0;
            if (encoding_to_utf8(a, (struct str){pair, 2}, ENCODING_GB18030, &utf8))
                hb_set_add(set, str_next_char(utf8, &at));
        }
}

static bool write_file(const char *path, const char *bytes, size_t n)
{
    char part[4096];
    snprintf(part, sizeof part, "%s.%ld", path, (long)getpid());
    FILE *f = fopen(part, "we");
    bool is_written = f != NULL && fwrite(bytes, 1, n, f) == n;
    if (f != NULL)
        is_written = fclose(f) == 0 && is_written;
    return is_written && rename(part, path) == 0;
}

bool pdf_cut_font(struct arena *a, const char *to)
{
    const char *path;
    int index;
    if (!find_font(a, FAMILY, &path, &index))
        return false;
    hb_blob_t *whole = hb_blob_create_from_file_or_fail(path);
    hb_face_t *face = whole == NULL ? NULL : hb_face_create(whole, (unsigned)index & 0xffff);
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    hb_face_t *small = NULL;
    bool is_cut = false;
    if (face != NULL && input != NULL) {
        common_characters(a, hb_subset_input_unicode_set(input));
        small = hb_subset_or_fail(face, input);
    }
    if (small != NULL) {
        unsigned n;
        hb_blob_t *bytes = hb_face_reference_blob(small);
        const char *p = hb_blob_get_data(bytes, &n);
        is_cut = n > 0 && write_file(to, p, n);
        hb_blob_destroy(bytes);
    }
    hb_face_destroy(small);
    hb_subset_input_destroy(input);
    hb_face_destroy(face);
    hb_blob_destroy(whole);
    return is_cut;
}

bool pdf_use_font(struct arena *a, const char *file)
{
    const char *path;
    int index;
    FcConfig *config = FcConfigCreate();
    bool is_there = config != NULL && find_font(a, FALLBACK, &path, &index) &&
                    FcConfigAppFontAddFile(config, (const FcChar8 *)file) &&
                    FcConfigAppFontAddFile(config, (const FcChar8 *)path);
    if (is_there) {
        PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
        pango_cairo_font_map_set_default(PANGO_CAIRO_FONT_MAP(map)); /* of this thread */
        g_object_unref(map);
    }
    if (config != NULL)
        FcConfigDestroy(config); /* the map holds its own */
    return is_there;
}

void pdf_end_font(void)
{
    pango_cairo_font_map_set_default(NULL);
}
