"""What the generator must refuse in .def and .sql files, each with the place and the sentence it says."""

import unittest

import sample
from sample import Refusal

DEF, SQL, MIGRATION = "loan/loan.def", "loan/loan.sql", "loan/0001_loan.sql"


def add(path, text):
    return {path: sample.FILES[path] + text}


class Definitions(Refusal):
    def test_the_sample_itself_is_sound(self):
        self.sound({})

    def test_words(self):
        for line, sentence in [
            ('rigth x.y "t" staff', "`rigth` is not a declaration"),
            ("right x.y staff", "expected the right's title in double quotes before `staff`"),
            ('right x.y "t"', "right `x.y` has no role"),
            ('right x.y "t" king', "right `x.y` names the unknown role `king`; known: clerk guide"),
            ('right X.y "t" staff', "`X.y` is not a name"),
            ('role staff "t"', "`staff` means every role"),
            ('error loan_taken 409 "x"', "error `loan_taken` is declared already at src/loan/loan.def:5"),
            ('error not_found 404 "x"', "error `not_found` is declared already at src/base/base.def:1"),
            ('error new 200 "x"', "status 200 is not one of an error"),
            ('error new many "x"', "`many` is not a whole number"),
            ('error new 409 "x', "is a quote left open?"),
            ('error new 409 "x" tip "y"', "`tip` is not understood here"),
            ('event loan.x "x" to nowhere', "event `loan.x` names the unknown topic `nowhere`; known: hall"),
            ('event loan_lent "x"', "`loan_lent` and `loan.lent` (src/loan/loan.def:7) are the same word in C"),
            ('setting a.b real 1 "x"', "`real` is not a type of setting"),
            ('setting a.b int 9 max 3 "x"', "the default 9 is outside min and max"),
            ('setting a.b flag 2 "x"', "a flag is 0 or 1"),
            ("job a.b 0 f", "a job runs every 1 to 86400 seconds"),
            ("service a b", "expected the stop function at the end of the line"),
            ("needs nowhere", "needs `nowhere`, which is not in src/modules.list"),
            ("needs app", "needs `app`, which comes later in src/modules.list"),
            ("needs base", "needs `base`, which is a layer"),
            ("    id id", "an indented line belongs below `view` or `form`"),
        ]:
            with self.subTest(line):
                self.refused(
                    add(DEF, line + "\n"),
                    sentence,
                    f"src/loan/loan.def:{sample.FILES[DEF].count(chr(10)) + 1}:"
                    if 'staff" means' not in sentence
                    else "",
                )

    def test_views(self):
        for text, sentence in [
            ("view a\n    x nothing\n", "`nothing` is neither a type nor a view"),
            ("view a\n    x int?\n", "`int?` is not a type; only a view can be optional"),
            ("view a\n    x int[]\n", "`int[]` is not a type"),
            ("view a\n    x int\n    x text\n", "`x` is here already"),
            ("view a\n    case int\n", "`case` is a word of C; write `case_`"),
            ("view a\n    x b\nview b\n    y a\n", "view `a` holds itself (a > b > a)"),
            ("view a\n", "view `a` has no members"),
            ("view loans\n    x int\n", "view `loans` is declared already"),
            (
                "view loan_line_list\n    x int\n",
                "list of view `loan_line` makes `struct loan_line_list`, which view `loan_line_list`",
            ),
        ]:
            with self.subTest(text):
                self.refused(add(DEF, text), sentence)
        self.sound(add(DEF, "view tree\n    below tree[]\n    above tree?\n"))

    def test_a_view_of_a_folder_that_is_not_needed(self):
        self.refused({DEF: ("needs staff\n", "\n")}, "view `person` is in staff; add `needs staff` to loan.def")

    def test_forms(self):
        for line, sentence in [
            ("x number", "`number` is not a type of field"),
            ("x choice", "choice `x` has no words to choose from"),
            ("x choice a b default c", "the default `c` is not one of the choices"),
            ("x choice a a", "`a` is a choice already"),
            ("x text default 3", "a default is a number for int and flag"),
            ("x text label x", "expected the label in double quotes before `x`"),
            ("x text often", "`often` is not understood; use path required"),
            ("x int min 5 max 4", "min 5 is above max 4"),
            ("x text max 0", "max of a text is 1 to 1000000"),
            ("x id computed required", "a computed field is set by `before`"),
            ("x file min 1", "file `x` comes with the body and has no min"),
            ("x file path", "file `x` comes with the body"),
            ("x file max 999999999", "max of a file is 1 to 67108864 bytes"),
            ("x id path", "form `lend` reads `x` from the path, but /loans/{id}/lend has no {x}"),
            ("int text", "`int` is a word of C"),
        ]:
            with self.subTest(line):
                self.refused({DEF: ("    result  id computed\n", f"    {line}\n")}, sentence)

    def test_routes(self):
        for line, sentence in [
            ("GET /x loan.nothing f -> -", "right `loan.nothing` is not declared"),
            ("GET /x f -> -", "`->` is not a name; use lower-case letters"),
            ("GET /x public f", "`-> VIEW` is missing"),
            ("FETCH /x public f -> -", "`FETCH` is not a method"),
            ("GET x public f -> -", "`x` is not a path"),
            ("GET /x/{id} public f -> -", "{id} of the path is read by nobody"),
            ("GET /x public f -> nothing", "view `nothing` is not declared"),
            ("GET /x public f (nothing) -> -", "form `nothing` is not declared"),
            ("GET /x public f -> loans page nothing", "page `nothing` is not in any template"),
            (
                "GET /x public f -> loan_line page loans_page",
                "page `loans_page` shows (loans), but the route gives loan_line",
            ),
            ("POST /x public f -> - back nothing", "back `nothing` is not the handler of a GET route"),
            ("GET /x public f -> - back loans_show", "back belongs to POST"),
            ("GET /x public f -> - created", "created belongs to POST"),
            ("POST /x public f -> - before g", "before `g` fills computed fields of a form"),
            ("GET /x public loans_show -> -", "handler `loans_show` has another form or view at src/loan/loan.def:43"),
            ("GET /loans public f -> -", "GET /loans is a route already at src/loan/loan.def:43"),
            (
                "GET /x public thing_put -> -",
                "handler `thing_put` makes `thing_put`, which statement `thing_put` at src/loan/loan.sql:12 makes too",
            ),
            ("GET /x public f -> - soon", "`soon` is not understood; use page back"),
        ]:
            with self.subTest(line):
                self.refused(add(DEF, "route " + line + "\n"), sentence)

    def test_the_same_path_with_another_name_of_its_field(self):
        self.refused(
            add(DEF, "form other\n    key id path\nroute POST /loans/{key}/lend public g (other) -> -\n"),
            "POST /loans/{key}/lend is a route already",
        )

    def test_a_shared_rows_macro_is_not_another_name(self):
        part = "{% part things_all_row(int n) %}{% end %}\n"
        self.refused(
            {"loan/loan.html": sample.FILES["loan/loan.html"] + part}, "part `things_all_row` makes `things_all_row`"
        )

    def test_layers_have_no_pages(self):
        self.refused(
            {"store/store.def": "view a\n    x int\n"},
            "src/store/store.def:1: a layer below or beside web cannot have a view",
        )
        self.refused({"store/a.html": "x"}, "templates belong to web and the domain folders")
        self.refused({"base/a.sql": "x"}, "base and crypt lie below the store")

    def test_the_module_list(self):
        self.refused(
            {"modules.list": "layer base\nhouse x\nlayer base\n"},
            "src/modules.list:2: a line is `layer NAME`",
            "src/modules.list:3: `base` is listed already",
        )


class Statements(Refusal):
    def one(self, text, *sentences):
        self.refused({SQL: text}, *sentences)

    def test_signatures(self):
        self.one("SELECT 1;", "SQL before the first `-- :kind name(…)` line")
        self.one("-- :some a() -> (x int)\nSELECT 1 LIMIT 1;", "`:some` is not a kind of statement")
        self.one("-- :one a -> (x int)\nSELECT 1 LIMIT 1;", "cannot read the signature")
        self.one("-- :one a()\nSELECT 1 LIMIT 1;", ":one needs `-> (column type, …)`")
        self.one("-- :exec a() -> (x int)\nDELETE FROM thing;", "an :exec statement has no `->`")
        self.one("-- :one a(x real) -> (x int)\nSELECT 1 LIMIT 1;", "`x real` is not a parameter")
        self.one("-- :one a() -> (x number)\nSELECT 1 LIMIT 1;", "`x number` is not a column")
        self.one("-- :one a(c int) -> (x int)\nSELECT $1 LIMIT 1;", "parameter `c` would clash in C")
        self.one("-- :one a(x int, x int) -> (y int)\nSELECT $1 + $2 LIMIT 1;", "parameter `x` is named twice")
        self.one("-- :one a(x flag?) -> (y int)\nSELECT $1 LIMIT 1;", "`flag?` does not exist")
        self.one("-- :one a() -> b\nSELECT 1 LIMIT 1;", "`-> b`: there is no statement of this name")
        self.one(
            "-- :one a() -> b\nSELECT 1 LIMIT 1;\n-- :one b() -> a\nSELECT 1 LIMIT 1;",
            "`a` shares its row type in a circle",
        )
        self.one(
            "-- :one a() -> (x int)\nSELECT 1 LIMIT 1;\n-- :one a() -> (x int)\nSELECT 1 LIMIT 1;",
            "src/loan/loan.sql:3: statement `a` is declared already at src/loan/loan.sql:1",
        )
        self.refused({"base/base.def": ""}, "`thing_by_id` is :one and answers E_NOT_FOUND without a row")
        self.one("-- :one a() -> (x int)\n", "statement `a` has no SQL below it")

    def test_sql(self):
        for sql, sentence in [
            ("SELECT id FROM thing WHERE id = $1", "LIMIT is missing in `a`"),
            ("SELECT id FROM (SELECT id FROM thing LIMIT 3) t WHERE id = $1", "LIMIT is missing in `a`"),
            ("SELECT id FROM thing WHERE id = 1 LIMIT 1", "parameter $1 (id) of `a` is not used"),
            (
                "SELECT id FROM thing WHERE id = $1 + $2 LIMIT 1",
                "$2 in `a` has no parameter in the signature (1 named)",
            ),
            (
                "SELECT id, name FROM thing WHERE id = $1 LIMIT 1",
                "`a` names 1 columns in its signature, but the SQL gives 2",
            ),
            ("SELECT * FROM thing WHERE id = $1 LIMIT 1", "SELECT * is not used; name the columns"),
            ("SELECT t.* FROM thing t WHERE id = $1 LIMIT 1", "SELECT * is not used"),
            ("SELECT id FROM thing WHERE id = $1 AND at < now() LIMIT 1", "now() is not used"),
            ("SELECT current_date FROM thing WHERE id = $1 LIMIT 1", "the database's clock is not used"),
            ("SELECT random() FROM thing WHERE id = $1 LIMIT 1", "this function is not the same on both databases"),
            ("SELECT id * 1.5 FROM thing WHERE id = $1 LIMIT 1", "floats are not used"),
            ("SELECT CAST(id AS real) FROM thing WHERE id = $1 LIMIT 1", "floats are not used"),
            ("SELECT avg(id) FROM thing WHERE id = $1 LIMIT 1", "avg() gives a float"),
            (
                'SELECT id FROM thing WHERE name = "x" AND id = $1 LIMIT 1',
                "text in double quotes is a name in PostgreSQL",
            ),
            ("SELECT id FROM thing WHERE id = ? AND id = $1 LIMIT 1", "parameters are $1, $2 …, not ?"),
            ("SELECT id FROM case WHERE id = $1 LIMIT 1", "`case` is kept by the databases"),
            ("SELECT id FROM thing t JOIN user u ON u.id = $1 LIMIT 1", "`user` is kept by the databases"),
            (
                "SELECT id FROM (SELECT id FROM thing LIMIT 9) AS some WHERE id = $1 LIMIT 1",
                "`some` is kept by the databases",
            ),
            ("SELECT t.order FROM thing t WHERE id = $1 LIMIT 1", "`order` is kept by the databases"),
            ("SELECT id FROM thing WHERE id = $1 LIMIT 1; DELETE FROM thing", "`a` holds more than one SQL statement"),
            ("INSERT INTO thing (id) VALUES ($1) RETURNING *", "RETURNING * is not used"),
            ("INSERT INTO thing (id) VALUES ($1)", "`a` gives rows but its SQL has no RETURNING"),
            ("DROP TABLE thing", "`drop` does not begin a statement"),
        ]:
            with self.subTest(sql):
                self.one(f"-- :maybe a(id id) -> (id id)\n{sql};\n", sentence, "src/loan/loan.sql:")
        self.one("-- :exec a(id id)\nSELECT id FROM thing WHERE id = $1 LIMIT 1;", "`a` is :exec but only reads")
        self.one("-- :exec a(id id)\nDELETE FROM thing WHERE id = $1 RETURNING id;", "`a` is :exec but has RETURNING")

    def test_what_is_sound_is_not_refused(self):
        base = "-- :maybe a(id id) -> (id id)\n"
        for sql in [
            "SELECT CASE WHEN id = 1 THEN 2 ELSE 3 END FROM thing WHERE id = $1 ORDER BY id LIMIT 1",
            "SELECT count(*) FROM thing WHERE id = $1 AND name <> 'now() \"case\" ? 1.5' LIMIT 1",
            "SELECT sum(id) FROM thing WHERE id = $1 GROUP BY name ORDER BY 1 LIMIT 1",
            "WITH x AS (SELECT id FROM thing WHERE id = $1 LIMIT 3) SELECT id FROM x LIMIT 1",
            "UPDATE thing SET name = 'x' WHERE id = $1 RETURNING id",
            "INSERT INTO thing (id) SELECT id FROM thing WHERE id = $1 RETURNING id",
        ]:
            with self.subTest(sql):
                self.sound({SQL: base + sql + ";"})


class Migrations(Refusal):
    def test_tables(self):
        for text, sentence in [
            ("CREATE TABLE user (center_id id, PRIMARY KEY (center_id));", "`user` is kept by the databases"),
            ("CREATE TABLE a (center_id id, group int, PRIMARY KEY (center_id));", "`group` is kept by the databases"),
            (
                "CREATE TABLE a (center_id id, x varchar, PRIMARY KEY (center_id));",
                "`x varchar` is not a column; write `name type`",
            ),
            ("CREATE TABLE a (center_id id, x BIGINT, PRIMARY KEY (center_id));", "`x BIGINT` is not a column"),
            ("CREATE TABLE a (center_id id, x int NOT NULL, PRIMARY KEY (center_id));", "NOT NULL is the rule already"),
            ("CREATE TABLE a (id id, PRIMARY KEY (id));", "the primary key of `a` must begin with center_id"),
            ("CREATE TABLE a (id id);", "table `a` has no PRIMARY KEY"),
            ("CREATE TABLE IF NOT EXISTS a (center_id id, PRIMARY KEY (center_id));", "IF NOT EXISTS hides mistakes"),
            ("CREATE TABLE a (center_id id, PRIMARY KEY (center_id)", "the statement does not end in ;"),
            (
                "CREATE TABLE a (center_id id, PRIMARY KEY (center_id)) WITHOUT ROWID;",
                "table `a` is not closed by `);`",
            ),
            ("CREATE TABLE a (center_id id,, PRIMARY KEY (center_id));", "an empty line between commas"),
            ("CREATE VIEW a AS SELECT 1;", "`CREATE VIEW` is not understood in a migration"),
            ("ALTER TABLE thing ADD COLUMN x float;", "`x float` is not a column"),
            ("INSERT INTO thing (at) VALUES (now());", "now() is not used"),
        ]:
            with self.subTest(text):
                self.refused(add(MIGRATION, text + "\n"), sentence, "src/loan/0001_loan.sql:14: ")
        self.sound(
            add(
                MIGRATION,
                "-- Regions (shared).\nCREATE TABLE region (code text, PRIMARY KEY (code));\nALTER TABLE thing ADD COLUMN note text?;\n",
            )
        )

    def test_numbers(self):
        self.refused(
            {"staff/0001_staff.sql": "CREATE TABLE a (center_id id, PRIMARY KEY (center_id));"},
            "is declared already at src/staff/0001_staff.sql:1",
        )
        self.refused({"staff/1_staff.sql": ""}, "a migration is called NNNN_name.sql")


if __name__ == "__main__":
    unittest.main()
