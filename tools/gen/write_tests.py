"""Writes tests.c: every test found by name in the *_test.c files."""

from cwrite import head


def write_tests(p):
    tests = [(f, t) for f in p.folders for t in f.tests]
    c = (
        head("every test.")
        + "#include <stddef.h>\n\nstruct test;\n\nstruct test_info {\n    const char *name, *module;\n"
    )
    c += "    void (*run)(struct test *t);\n};\nextern const struct test_info test_table[];\nextern const int test_count;\n\n"
    c += "".join(f"void {t.name}(struct test *t);\n" for _, t in tests)
    c += "\nconst struct test_info test_table[] = {\n" + "".join(
        f'    {{"{t.name}", "{f.name}", {t.name}}},\n' for f, t in tests
    )
    return {"tests.c": c + "    {0},\n};\n" + f"const int test_count = {len(tests)};\n"}
