"""What happens tomorrow, over HTTP: a version published for a later day takes its place by itself on that day and leaves by
itself at its end, one that is withdrawn goes, and a case keeps the version it was taken in under (issue 3, point 4).
The hall's clock follows a file (`serve --clock`), which this test moves; nobody tells the server to switch."""

import json
import os
import sqlite3
import sys
import time
import unittest
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

from commands_test import CommandTest, demonstration_hall, free_port, run

CHINA = timezone(timedelta(hours=8))
CODE = "412011013000"  # 补领结婚证: papers, no situation needed for a case
PATIENCE = 40  # seconds; a sanitized server under load. What is waited for takes about three.


class TomorrowTest(CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.today = datetime.now(CHINA).date()

    def start(self):
        demonstration_hall(self.data)
        self.clock = self.write("clock", "0\n")
        self.server = self.serve("--clock", self.clock, "--no-limits")
        self.tokens = {}

    def ask(self, method, path, body=None, name=None, language="zh"):
        headers = {"Accept": "application/json", "Content-Type": "application/json", "Accept-Language": language}
        if name:
            headers["Authorization"] = "Bearer " + self.token(name)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.url + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.loads(answer.read() or b"{}")

    def must(self, method, path, body=None, name=None):
        status, answer = self.ask(method, path, body, name)
        self.assertIn(status, (200, 201), f"{method} {path}: {answer}")
        return answer

    def token(self, name):
        if name not in self.tokens:
            self.tokens[name] = self.ask("POST", "/login", {"name": name, "password": "wolong-demo"})[1]["token"]
        return self.tokens[name]

    def to_day(self, days):
        """The hall's clock, one o'clock at night of the day that is so many days from now; sessions have run out by then."""
        now = datetime.now(CHINA)
        then = datetime.combine(self.today + timedelta(days=days), datetime.min.time(), CHINA) + timedelta(hours=1)
        with open(self.clock + ".new", "w", encoding="ascii") as f:
            f.write(f"{int((then - now).total_seconds())}\n")
        os.replace(self.clock + ".new", self.clock)
        self.tokens = {}

    def conditions(self):
        status, guide = self.ask("GET", f"/items/{CODE}")
        if status != 200:
            return status
        return next((e["text"] for e in guide["elements"] if e["element"] == "conditions"), "")

    def until(self, wanted):
        deadline = time.monotonic() + PATIENCE
        while self.conditions() != wanted and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(self.conditions(), wanted)

    def publish(self, conditions, on, ends=None, paper=None):
        """Three people; returns the version's address and revision."""
        listed = self.must("GET", f"/admin/items?q={CODE}", name="editor01")["items"][0]
        made = self.must("POST", f"/admin/items/{listed['id']}/open", {"why": "条件变了"}, "editor01")
        at = f"/admin/items/{listed['id']}/versions/{made['version']}"
        draft = self.must("GET", at, name="editor01")
        document = draft["document"]
        next(e for e in document["elements"] if e["field"] == "accept_condition")["zh"] = conditions
        if paper:
            document["papers"][0]["name"] = paper
        saved = self.must("POST", at + "/document", {"revision": draft["revision"], "document": document}, "editor01")
        revision = saved["revision"]
        self.must("POST", at + "/check", {"revision": revision}, "checker01")
        body = {"revision": revision, "effective_on": on.isoformat(), "why": "新规定"}
        if ends:
            body["ends_on"] = ends.isoformat()
        self.must("POST", at + "/publish", body, "publisher01")
        return at, revision

    def take_in(self):
        wish = {"item": CODE, "applicant": {"name": "李建国", "id_type": 111, "id_no": "11010519491231002X", "phone": "13800000001"}}
        return self.must("POST", "/cases", wish, "clerk05")["case"]

    def test_a_version_for_tomorrow_is_shown_tomorrow_and_cases_keep_theirs(self):
        self.start()
        before = self.conditions()
        old = self.take_in()
        self.publish("明天的条件", self.today + timedelta(days=1), self.today + timedelta(days=3), "明天的材料")
        time.sleep(3)  # guides follow within two seconds: it would be seen by now
        self.assertEqual(self.conditions(), before)
        self.to_day(1)
        self.until("明天的条件")
        self.assertEqual(self.ask("GET", f"/items/{CODE}")[1]["papers"][0]["name"], "明天的材料")
        # The old case asks for the papers of its own version, a new one for those of today.
        seen = self.must("GET", f"/cases/{old['number']}?token={old['token']}")["case"]
        self.assertEqual([p["name"] for p in seen["papers"]], [p["name"] for p in old["papers"]])
        self.assertNotIn("明天的材料", [p["name"] for p in seen["papers"]])
        self.assertIn("明天的材料", [p["name"] for p in self.take_in()["papers"]])
        self.assertEqual(self.versions_of_cases(), [1, 2])
        self.to_day(2)  # it holds on its last day
        time.sleep(5)
        self.assertEqual(self.conditions(), "明天的条件")
        self.to_day(3)  # and ends by itself; nothing follows it
        self.until(404)
        self.assertEqual(self.ask("GET", f"/cases/{old['number']}?token={old['token']}")[0], 200)

    def versions_of_cases(self):
        with sqlite3.connect(os.path.join(self.data, "onewindow.db")) as db:
            return [row[0] for row in db.execute("SELECT item_version FROM casefile ORDER BY received_at, id")]

    def test_a_withdrawn_version_goes_and_never_comes(self):
        self.start()
        before = self.conditions()
        at, revision = self.publish("后天的条件", self.today + timedelta(days=2))
        self.must("POST", at + "/withdraw", {"revision": revision, "why": "不改了"}, "publisher01")
        self.to_day(2)
        time.sleep(5)
        self.assertEqual(self.conditions(), before)
        at, revision = self.publish("当天的条件", self.today + timedelta(days=2))
        self.until("当天的条件")
        self.must("POST", at + "/withdraw", {"revision": revision, "why": "写错了"}, "publisher01")
        self.until(before)

    def test_the_clock_only_goes_forward_and_is_told_in_the_log(self):
        self.start()
        self.to_day(2)
        deadline = time.monotonic() + PATIENCE
        while self.hall_day() != self.today + timedelta(days=2) and time.monotonic() < deadline:
            time.sleep(0.2)
        for text in ("0\n", "", "tomorrow\n", "-86400\n", "99999999999999999999\n"):
            with open(self.clock, "w", encoding="ascii") as f:
                f.write(text)
            time.sleep(1.5)
            self.assertEqual(self.hall_day(), self.today + timedelta(days=2), text)
        status, log = self.server.stop()
        self.assertEqual(status, 0, log)
        self.assertIn("the clock of this hall follows a file", log)
        self.assertIn("a test moves this hall's clock", log)

    def hall_day(self):
        """A session that begins now ends in twelve hours (setting web.session_hours) of the hall's clock."""
        status, answer = self.ask("POST", "/login", {"name": "guide01", "password": "wolong-demo"})
        self.assertEqual(status, 200, answer)
        return (datetime.fromisoformat(answer["expires_at"]).astimezone(CHINA) - timedelta(hours=12)).date()


class RefusedTest(CommandTest):
    def test_only_a_demonstration_hall_has_a_clock_that_moves(self):
        self.init()
        clock = self.write("clock", "86400\n")
        done = run("serve", "--data", self.data, "--listen", f"127.0.0.1:{free_port()}", "--clock", clock)
        self.assertEqual(done.returncode, 1)
        self.assertIn("only a demonstration hall's clock", done.stderr)

    def test_nor_one_that_others_reach(self):
        demonstration_hall(self.data)
        clock = self.write("clock", "0\n")
        done = run("serve", "--data", self.data, "--listen", f"0.0.0.0:{free_port()}", "--demo-public", "--clock", clock)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--clock is for tests", done.stderr)

    def test_a_file_that_says_no_time_is_refused_at_the_start(self):
        demonstration_hall(self.data)
        for text in ("", "soon\n", "-1\n"):
            clock = self.write("clock", text)
            done = run("serve", "--data", self.data, "--listen", f"127.0.0.1:{free_port()}", "--clock", clock)
            self.assertEqual(done.returncode, 1, text)
            self.assertIn("expected one number", done.stderr)
        done = run("serve", "--data", self.data, "--listen", f"127.0.0.1:{free_port()}", "--clock", self.data + ".nix")
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *(sys.argv[1:] or ["-v"])])
