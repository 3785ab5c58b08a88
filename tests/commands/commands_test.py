"""The program at the command line: what each command does, refuses, and with which exit status.

Status 0 done, 1 refused, 2 wrong words (DESIGN 7). ONEWINDOW_BINARY names the program."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import zipfile

ROOT = os.environ.get("ONEWINDOW_ROOT") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BINARY = os.environ.get("ONEWINDOW_BINARY") or os.path.join(ROOT, "build", "onewindow")
OPTIMISED = os.path.join(ROOT, "build", "onewindow")  # what is measured: the sanitizers cost three to five times
COMMANDS = ("init", "serve", "import", "export", "user", "verify", "check", "version", "help")


def run(*words, timeout=120, binary=BINARY):
    return subprocess.run([binary, *words], capture_output=True, text=True, timeout=timeout, check=False)


def demonstration_hall(data):
    """The demonstration hall in this folder: a copy of the one that tools/build/test.sh has made, where it did."""
    made = os.environ.get("ONEWINDOW_DEMO_HALL")
    if made:
        shutil.copytree(made, data)
        shutil.copy(made + ".key", data + ".key")
        return
    done = run("init", "--data", data, "--demo", "wolong")
    assert done.returncode == 0, done.stderr


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return answer.status, answer.read().decode()


class Server:
    """`onewindow serve` on a port of its own, until stop()."""

    def __init__(self, data, *words):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = subprocess.Popen([BINARY, "serve", "--data", data, "--listen", self.url[7:], *words],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stdout.readline()

    def children(self):
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(child) for child in f.read().split()]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=30)
        return self.process.returncode, log


class CommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.data = os.path.join(folder.name, "hall")

    def init(self, *words):
        done = run("init", "--data", self.data, "--center", "411303", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def serve(self, *words):
        server = Server(self.data, *words)
        self.addCleanup(lambda: server.process.poll() is None and server.stop())
        return server

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path


class WordsTest(CommandTest):
    def test_every_command_explains_itself(self):
        self.assertIn("usage: onewindow COMMAND", run("--help").stdout)
        for command in COMMANDS:
            done = run(command, "--help")
            self.assertEqual(done.returncode, 0, command)
            self.assertIn(f"usage: onewindow {command}", done.stdout)
            self.assertIn(command, run("help").stdout)

    def test_version(self):
        self.assertRegex(run("version").stdout, r"^onewindow \d+\.\d+\.\d+\n$")
        self.assertEqual(run("--version").stdout, run("version").stdout)

    def test_wrong_words_are_2_and_say_what_is_wrong(self):
        for words, said in (((), "usage"), (("no-such",), "no command no-such"), (("init",), "--data DIR is needed"),
                            (("init", "--data"), "--data needs DIR"), (("serve", "--nix"), "no option --nix"),
                            (("init", "--data", self.data, "more"), "one word too many: more"),
                            (("init", "--data", self.data, "--demo", "x"), "no demonstration hall x"),
                            (("init", "--data", self.data, "--node", "x"), "x does not fit --node"),
                            (("import", "nix", "f", "--data", self.data), "no table of kind nix"),
                            (("export", "nix", "f", "--data", self.data), "no table of kind nix"),
                            (("user", "add", "x", "--data", self.data), "--role is needed"),
                            (("user", "add", "x", "--role", "king", "--data", self.data), "no role king")):
            done = run(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(said, done.stderr)
        self.assertFalse(os.path.exists(self.data))


class InitTest(CommandTest):
    def test_it_makes_a_hall_with_a_key_beside_it(self):
        self.init()
        key = self.data + ".key"
        self.assertEqual(stat.S_IMODE(os.stat(key).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.data).st_mode), 0o700)
        self.assertFalse([n for n in os.listdir(self.data) if "key" in n])

    def test_a_hall_is_never_made_over(self):
        self.init()
        with open(self.data + ".key", "rb") as f:
            key = f.read()
        done = run("init", "--data", self.data)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is a hall already", done.stderr)
        with open(self.data + ".key", "rb") as f:
            self.assertEqual(f.read(), key)

    def test_a_key_that_is_there_is_kept(self):
        self.init()
        key = os.path.join(self.folder, "other.key")
        shutil.copy(self.data + ".key", key)
        with open(key, "rb") as f:
            before = f.read()
        done = run("init", "--data", os.path.join(self.folder, "second"), "--key-file", key)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(key, "rb") as f:
            self.assertEqual(f.read(), before)

    def test_where_there_is_no_hall_the_others_refuse(self):
        for words in (("serve",), ("verify",), ("check", "items"), ("user", "add", "x", "--role", "guide")):
            done = run(*words, "--data", self.data)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("there is no hall", done.stderr)

    def test_without_the_key_nothing_opens(self):
        self.init()
        os.remove(self.data + ".key")
        self.assertEqual(run("verify", "--data", self.data).returncode, 1)

    def test_demonstration_hall_stays_on_this_machine(self):
        demonstration_hall(self.data)
        done = run("serve", "--data", self.data, "--listen", f"0.0.0.0:{free_port()}", "--no-supervisor")
        self.assertEqual(done.returncode, 1)
        self.assertIn("only with --demo-public", done.stderr)


class ServeTest(CommandTest):
    def test_it_serves_until_told_and_then_ends_in_order(self):
        self.init()
        server = self.serve()
        self.assertIn(server.url, server.said)
        self.assertEqual(get(server.url + "/healthz")[0], 200)
        status, log = server.stop()
        self.assertEqual(status, 0, log)
        self.assertNotIn("Sanitizer", log)
        self.assertTrue(os.path.exists(self.data + ".anchor"))

    def test_no_limits_is_for_this_machine_only(self):
        self.init()
        done = run("serve", "--data", self.data, "--listen", f"0.0.0.0:{free_port()}", "--no-limits")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--no-limits", done.stderr)

    def test_an_address_in_use_is_refused(self):
        self.init()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            s.listen()
            done = run("serve", "--data", self.data, "--listen", f"127.0.0.1:{s.getsockname()[1]}")
        self.assertEqual(done.returncode, 1)

    def test_a_server_that_crashed_comes_back(self):
        self.init()
        server = self.serve()
        (child,) = server.children()
        os.kill(child, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                if server.children() not in ([], [child]) and get(server.url + "/healthz")[0] == 200:
                    break
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.1)
        self.assertEqual(get(server.url + "/healthz")[0], 200)
        status, log = server.stop()
        self.assertEqual(status, 0, log)
        self.assertIn("server_crashed", log)

    def test_the_server_does_not_outlive_its_parent(self):
        self.init()
        server = self.serve()
        (child,) = server.children()
        server.process.kill()
        server.process.communicate()
        deadline = time.monotonic() + 10
        while os.path.exists(f"/proc/{child}/stat") and time.monotonic() < deadline:
            with open(f"/proc/{child}/stat", encoding="ascii", errors="replace") as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "Z":
                    break
            time.sleep(0.05)
        with self.assertRaises((urllib.error.URLError, ConnectionError)):
            get(server.url + "/healthz")


class TlsTest(CommandTest):
    def test_it_serves_https_with_its_own_certificate(self):
        self.init()
        cert, key = os.path.join(self.folder, "cert.pem"), os.path.join(self.folder, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                        "-out", cert], check=True, capture_output=True)
        server = self.serve("--tls-cert", cert, "--tls-key", key)
        self.assertIn("https://127.0.0.1:", server.said)
        trusted = ssl.create_default_context(cafile=cert)
        with urllib.request.urlopen(server.url.replace("http:", "https:") + "/healthz", timeout=10, context=trusted) as r:
            self.assertEqual(r.status, 200)

    def test_certificate_and_key_go_together(self):
        self.init()
        self.assertEqual(run("serve", "--data", self.data, "--tls-cert", "x").returncode, 2)
        done = run("serve", "--data", self.data, "--tls-cert", "x", "--tls-key", "y")
        self.assertEqual(done.returncode, 1)


@unittest.skipUnless(os.environ.get("ONEWINDOW_TEST_POSTGRES"), "no PostgreSQL was started")
class PostgresTest(CommandTest):
    def test_a_hall_on_postgresql_from_init_to_verify(self):
        url = os.environ["ONEWINDOW_TEST_POSTGRES"]
        name = f"commands_{os.getpid()}"
        psql = ["psql", "-q", "-v", "ON_ERROR_STOP=1", url, "-c"]
        subprocess.run([*psql, f"CREATE DATABASE {name}"], check=True)
        self.addCleanup(lambda: subprocess.run([*psql, f"DROP DATABASE {name} WITH (FORCE)"], check=True))
        db = ("--db", url.rsplit("/", 1)[0] + "/" + name)
        self.init("--demo", "wolong", *db)
        self.assertFalse(os.path.exists(os.path.join(self.data, "onewindow.db")))
        first, second = self.serve(*db), self.serve(*db, "--node", "1")
        for server in (first, second):
            status, body = get(server.url + "/healthz")
            self.assertEqual((status, json.loads(body)["database"]), (200, "postgresql"))
        self.assertEqual(UserTest.log_in(self, first.url, "guide01", "wolong-demo"), 200)
        for server in (first, second):
            status, log = server.stop()
            self.assertEqual(status, 0, log)
            self.assertNotIn("Sanitizer", log)
        done = run("verify", "--data", self.data, "--anchor", self.data + ".anchor", *db)
        self.assertEqual(done.returncode, 0, done.stderr)


class UserTest(CommandTest):
    def password(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        return re.search(r"password (\S+)", done.stdout).group(1)

    def log_in(self, url, name, password):
        body = json.dumps({"name": name, "password": password}).encode()
        request = urllib.request.Request(url + "/api/v1/login", body, {"Content-Type": "application/json",
                                                                       "Accept": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_an_account_is_made_and_gets_a_new_password(self):
        self.init()
        first = self.password(run("user", "add", "anna", "--role", "guide", "--data", self.data))
        again = run("user", "add", "anna", "--role", "guide", "--data", self.data)
        self.assertEqual(again.returncode, 1)
        second = self.password(run("user", "password", "anna", "--data", self.data))
        self.assertNotEqual(first, second)
        server = self.serve()
        self.assertEqual(self.log_in(server.url, "anna", first), 401)
        self.assertIn(self.log_in(server.url, "anna", second), (200, 201))

    def test_nobody_gets_a_password_for_an_account_that_is_not_there(self):
        self.init()
        self.assertEqual(run("user", "password", "nobody", "--data", self.data).returncode, 1)


class ImportTest(CommandTest):
    HEADER = "name,name_en,uscc,phone,source,state\n"

    def agencies(self):
        with sqlite3.connect(os.path.join(self.data, "onewindow.db")) as db:
            return db.execute("SELECT count(*) FROM agency").fetchone()[0]

    def test_a_good_table_is_taken(self):
        self.init()
        table = os.path.join(ROOT, "data", "wolong", "agencies.csv")
        done = run("import", "agencies", table, "--data", self.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(table, encoding="utf-8") as f:
            self.assertEqual(self.agencies(), len(f.readlines()) - 1)

    def test_one_bad_row_and_nothing_is_taken(self):
        self.init()
        with open(os.path.join(ROOT, "data", "wolong", "agencies.csv"), encoding="utf-8") as f:
            good = f.readlines()[1]
        bad = self.write("bad.csv", self.HEADER + good + "税务局,,1141130300000000XX,,x,demonstration\n,X,,,,demonstration\n")
        done = run("import", "agencies", bad, "--data", self.data)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"line 3, column uscc: ")
        self.assertRegex(done.stderr, r"line 4, column name: ")
        self.assertIn("nothing was imported", done.stderr)
        self.assertEqual(self.agencies(), 0)

    def test_a_hundred_thousand_rows_take_less_than_ten_seconds(self):
        self.init()
        run("import", "agencies", os.path.join(ROOT, "data", "wolong", "agencies.csv"), "--data", self.data)
        with open(os.path.join(ROOT, "data", "wolong", "items.csv"), encoding="utf-8") as f:
            header, first = f.readline(), f.readline()
        code, impl_code, rest = first.split(",", 2)
        # 31 characters: the agency's credit code, the kind of item, and its own 12 digits (DOMAIN.md 2)
        codes = (f"{code[:6]}{1 + n // 1000:03d}{n % 1000:03d}" for n in range(100_000))
        table = self.write("items.csv", header + "".join(f"{c},{impl_code[:19]}{c},{rest}" for c in codes))
        begun = time.monotonic()
        done = run("import", "items", table, "--data", self.data, binary=OPTIMISED)
        taken = time.monotonic() - begun
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(taken, 10)

    def test_a_file_that_is_not_there(self):
        self.init()
        self.assertEqual(run("import", "items", self.data + ".nix", "--data", self.data).returncode, 1)


class ExportTest(CommandTest):
    # as the demonstration takes them in: the table of elements first, files before the papers that name them
    KINDS = ("agencies", "zones", "elements", "codes", "code_maps", "items", "item_texts", "item_files", "item_papers",
             "item_words", "item_sources", "desks")

    def export(self, kind, form, data, *words):
        file = f"{data}.{kind}.{form}"
        done = run("export", kind, file, "--data", data, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^\d+ rows exported\.\n$")
        with open(file, "rb") as f:
            return file, f.read()

    def test_a_hall_is_carried_over_as_xlsx(self):
        demonstration_hall(self.data)
        before = {kind: self.export(kind, "csv", self.data, "--plain")[1] for kind in self.KINDS}
        with open(os.path.join(ROOT, "data", "wolong", "items.csv"), encoding="utf-8") as f:
            header = f.readline()
        self.assertEqual(before["items"].decode().split("\n")[0] + "\n", header)
        other = self.data + "-other"  # csv and json: src/item/item_export_test.c
        self.assertEqual(run("init", "--data", other).returncode, 0)
        for kind in self.KINDS:
            done = run("import", kind, self.export(kind, "xlsx", self.data)[0], "--data", other)
            self.assertEqual(done.returncode, 0, f"{kind}: {done.stderr}")
            after = self.export(kind, "csv", other, "--plain")[1]
            if kind == "item_files":  # in the order the directory was filled; each file is one row here
                self.assertTrue(sorted(after.splitlines()) == sorted(before[kind].splitlines()), kind)
            else:
                self.assertEqual(after, before[kind], kind)

    def test_a_formula_in_a_sheet_is_named_by_its_cell_and_nothing_is_taken(self):
        self.init()
        run("import", "agencies", os.path.join(ROOT, "data", "wolong", "agencies.csv"), "--data", self.data)
        good, _ = self.export("agencies", "xlsx", self.data)
        bad = self.data + ".bad.xlsx"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                text = old.read(part)
                if part == "xl/worksheets/sheet1.xml":
                    text, cells = re.subn(rb'<c r="B3"[^>]*>.*?</c>', b'<c r="B3"><f>1+1</f><v>2</v></c>', text)
                    self.assertEqual(cells, 1)
                new.writestr(part, text)
        done = run("import", "agencies", bad, "--data", self.data)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"sheet Sheet1, line 3, column B \(name_en\): .*公式")
        self.assertIn("nothing was imported", done.stderr)
        for words, said in ((("--sheet", "部门"), "没有叫“部门”的工作表；有：“Sheet1”"), (("--sheet", "Sheet1"), "公式")):
            self.assertIn(said, run("import", "agencies", bad, "--data", self.data, *words).stderr)

    def test_a_place_that_cannot_be_written_and_an_unknown_form(self):
        self.init()
        for file in (self.data + ".ods", "/no-such-folder/x.csv", "/no-such-folder/x.xlsx"):
            done = run("export", "agencies", file, "--data", self.data)
            self.assertEqual(done.returncode, 1)
            self.assertIn("nothing was exported", done.stderr)


class VerifyTest(CommandTest):
    def served_hall(self):
        """A hall with a few entries in its journal: somebody failed to log in, then logged in."""
        self.init()
        done = run("user", "add", "anna", "--role", "guide", "--data", self.data)
        password = re.search(r"password (\S+)", done.stdout).group(1)
        server = self.serve()
        for word in (password, "wrong", password):
            UserTest.log_in(self, server.url, "anna", word)
        self.assertEqual(server.stop()[0], 0)

    def change(self, sql):
        with sqlite3.connect(os.path.join(self.data, "onewindow.db")) as db:
            self.assertGreater(db.execute(sql).rowcount, 0)

    def verify(self):
        return run("verify", "--data", self.data, "--anchor", self.data + ".anchor")

    def test_a_whole_journal_is_sound(self):
        self.served_hall()
        done = self.verify()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"sound: [1-9]\d* entries")

    def test_a_changed_entry_is_found(self):
        self.served_hall()
        self.change("UPDATE journal SET at = at + 1 WHERE seq = 2")
        done = self.verify()
        self.assertEqual(done.returncode, 1)
        self.assertIn("entry 2", done.stderr)

    def test_a_cut_journal_is_found_by_its_anchor(self):
        self.served_hall()
        self.change("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
        self.assertEqual(self.verify().returncode, 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *(sys.argv[1:] or ["-v"])])
