"""Many targets: lists of them, what is seen on the way and at the end, and what is left when it is interrupted."""

import json
import os
import pty
import signal
import struct
import subprocess
import termios
import time
import unittest
from fcntl import ioctl

from fake_server import FakeServer, closed_port
from program import PLUMB, Program, normalised


class Lists(Program):
    def setUp(self):
        super().setUp()
        self.closed = closed_port()

    def test_lines_of_a_file_and_of_stdin_are_the_same(self):
        text = f"# ours\n\n127.0.0.1:{self.closed}\n127.0.0.2:{self.closed}\n"
        listed = self.file("targets", text)
        from_file = self.report("--targets", listed, code=1)
        for other in (["--targets", "-"], ["-"]):
            from_stdin = self.report(*other, code=1, stdin=text)
            self.assertEqual([r["target"] for r in from_stdin["reports"]], [r["target"] for r in from_file["reports"]])
        both = self.report(f"127.0.0.3:{self.closed}", "--targets", listed, code=1)
        self.assertEqual([r["target"]["host"] for r in both["reports"]], ["127.0.0.3", "127.0.0.1", "127.0.0.2"])

    def test_yaml_says_what_differs(self):
        with FakeServer() as server:
            listed = self.file("targets", f"""# what a platform team has
- {server.target}
- target: orders.corp.example:{server.port}
  connect_to: 127.0.0.1
  profile: aurora-direct
  tls_is: x
""")
            self.refused(f"{listed}, line 6: unknown key 'tls_is'", "check", "--targets", listed)
            listed = self.file("targets", f"""
- {server.target}
- target: orders.corp.example:{server.port}
  connect_to: 127.0.0.1
  purpose: dms-source
  user: app
  password_file: {self.file("pw", "secret")}
  labels: {{team: orders, env: prod}}
""")
            fleet = self.report("--targets", listed, code=1)
            self.assertEqual(fleet["reports"][1]["target"], {
                "host": "orders.corp.example", "port": server.port, "profile": "mysql", "purpose": "dms-source",
                "labels": {"env": "prod", "team": "orders"}})
            self.assertEqual(sorted(server.logins)[0], "app")
            metrics = self.plumb("check", "--targets", listed, "-o", "prometheus").stdout
            self.assertIn('purpose="dms-source",env="prod",team="orders"} ', metrics)

    def test_labels_outlive_a_replay(self):
        listed = self.file("targets", f"- {{target: '127.0.0.1:{self.closed}', labels: {{team: a}}}}\n")
        live = self.report("--targets", listed, "--save", self.path("saved"), code=1)
        again = json.loads(self.plumb("replay", self.path("saved"), "-o", "json").stdout)
        self.assertEqual(again, live)
        self.assertEqual(again["target"]["labels"], {"team": "a"})

    def test_what_is_wrong_is_said_before_any_packet(self):
        with FakeServer() as server:
            for entry, message in (
                    ("{target: b, ca: /nonexistent.pem}", "ca: cannot open /nonexistent.pem: No such file or directory"),
                    ("{target: b, user: u, password_file: /nonexistent}", "password_file: cannot read the password "
                     "file /nonexistent: No such file or directory"),
                    ("{target: b, password_file: /dev/null}", "password_file needs a user"),
                    ("{target: b, profile: none}", "no profile is called none"),
                    ("'b:0'", "the port '0' is not a number from 1 to 65535")):
                listed = self.file("targets", f"- {server.target}\n- {entry}\n")
                run = self.plumb("check", "--targets", listed)
                self.assertEqual((run.returncode, run.stdout), (2, ""), run.stderr)
                self.assertTrue(run.stderr.startswith(f"plumb: {listed}, line 2: {message}"), run.stderr)
            self.assertEqual(server.connections, 0)

    def test_two_readers_of_stdin(self):
        for words in (("-", "--targets", "-"), ("--targets", "-", "--targets", "-")):
            self.refused("the targets can be read from stdin only once", "check", *words)
        self.refused("the targets and --password-file cannot both be read from stdin",
                     "check", "--targets", "-", "--user", "u", "--password-file", "-")
        self.refused("stdin, line 1: password_file: stdin is read by the command line already", "check", "-",
                     stdin="- {target: a, user: u, password_file: '-'}\n")

    def test_files_that_are_none(self):
        self.refused("cannot read the targets in /nonexistent: No such file or directory", "check", "--targets", "/nonexistent")
        empty = self.file("empty.yaml", "# nothing\n")
        self.refused(f"{empty} named no target", "check", "--targets", empty)
        listed = self.file("l.json", '["a", "b"]\n')
        self.refused(f'{listed}, line 1: a YAML list of targets begins each of them with "- "', "check", "--targets", listed)


class Seen(Program):
    def setUp(self):
        super().setUp()
        self.closed = closed_port()

    def dead(self, count, first=1):
        return [f"127.0.{i // 200}.{i % 200}:{self.closed}" for i in range(first, first + count)]

    def listed(self, targets):
        return self.file("targets", "".join(f"{target}\n" for target in targets))

    def test_summary_by_cause_is_last(self):
        with FakeServer() as server:
            run = self.plumb("check", "--targets", self.listed([server.target, *self.dead(6)]))
        self.assertEqual((run.returncode, run.stderr), (1, ""))
        end = run.stdout[run.stdout.index("BY CAUSE"):].replace(str(self.closed), "PORT")
        self.assertRegex(normalised(end),
                         r"\ABY CAUSE\n\n       6  tcp-refused-no-listener \(client\)\n"
                         r"          127\.0\.0\.\d:PORT, 127\.0\.0\.\d:PORT,\s+127\.0\.0\.\d:PORT and 3 more\n\n"
                         r"7 targets: 6 failed, 1 ok, in MS\n\Z")

    def test_quiet_is_one_line_for_each_that_fails(self):
        with FakeServer() as server:
            run = self.plumb("check", "-q", "--targets", self.listed([server.target, *self.dead(6)]))
        lines = run.stdout.splitlines()
        self.assertEqual(len(lines), 6, run.stdout)
        for line in lines:
            self.assertRegex(line, rf"\A127\.0\.0\.\d:{self.closed}   FAILED   tcp-refused-no-listener   \S.*\.\Z")
        self.assertTrue(run.stderr.startswith("BY CAUSE\n"), run.stderr)
        self.assertRegex(run.stderr, r"\n7 targets: 6 failed, 1 ok, in [0-9.]+ m?s\n\Z")

    def test_text_of_many_streams_and_has_a_line_for_what_is_well(self):
        with FakeServer() as server:
            run = self.plumb("check", "--per-address-rate", "10000", "--per-address", "200",
                             "--targets", self.listed([server.target] * 120))
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertEqual(len(run.stdout.splitlines()), 122)
        self.assertRegex(run.stdout, r"\n\n120 targets: 120 ok, in [0-9.]+ m?s\n\Z")

    def test_jsonl_streams(self):
        with FakeServer("silent") as server:
            listed = self.listed([server.target, *self.dead(1)])
            process = subprocess.Popen([PLUMB, "check", "--no-metadata", "--targets", listed, "-o", "jsonl", "--timeout",
                                        "20s"], stdout=subprocess.PIPE)
            first = json.loads(process.stdout.readline())
            process.send_signal(signal.SIGINT)
            rest = [json.loads(line) for line in process.communicate(timeout=20)[0].splitlines()]
        self.assertEqual(first["cause"], "tcp-refused-no-listener")
        self.assertEqual([one["schema"] for one in rest], ["plumb.report/1", "plumb.summary/1"])
        self.assertEqual((rest[1]["interrupted"], rest[1]["not_probed"]), (True, 0))

    def test_a_reader_that_sleeps_does_not_hold_up_the_end(self):
        read, write = os.pipe()
        with FakeServer() as server:
            listed = self.listed([server.target] * 300)
            process = subprocess.Popen([PLUMB, "check", "--no-metadata", "--targets", listed, "-o", "jsonl",
                                        "--per-address-rate", "10000"], stdout=write, stderr=subprocess.DEVNULL)
            os.close(write)
            seen = -1
            while server.connections != seen or not seen:  # until the pipe is full
                seen = server.connections
                time.sleep(0.5)
            self.assertIsNone(process.poll())
            process.send_signal(signal.SIGTERM)
            time.sleep(1)
            out = b""
            while more := os.read(read, 65536):
                out += more
            process.wait(timeout=20)
        os.close(read)
        summary = json.loads(out.splitlines()[-1])
        self.assertEqual((process.returncode, summary["interrupted"]), (3, True))
        self.assertEqual(len(out.splitlines()) - 1 + summary["not_probed"], 300)

    def test_interrupted_with_targets_left(self):
        self.in_time(1, self.interrupted)

    def interrupted(self):
        with FakeServer("silent") as server:
            listed = self.listed([server.target] * 500)
            process = subprocess.Popen([PLUMB, "check", "--no-metadata", "--targets", listed, "-o", "jsonl", "--timeout",
                                        "30s", "--concurrency", "3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            while not server.connections:
                time.sleep(0.01)
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
            took = time.monotonic() - began
        *reports, summary = map(json.loads, out.splitlines())
        self.assertEqual((process.returncode, err), (3, b""))
        self.assertTrue(all(one["outcome"] == "unknown" for one in reports))
        self.assertEqual(len(reports) + summary["not_probed"], 500)
        self.assertGreater(summary["not_probed"], 400)
        return took


class OnATerminal(Program):
    """What a screen of 80 columns shows at the end, and the line that was on its way there."""

    def run_there(self, *arguments, columns=80, stdout=None, env=None):
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", **(env or {})}
        process = subprocess.Popen([PLUMB, "check", "--no-metadata", *arguments], stdout=stdout or theirs, stderr=theirs,
                                   env=environment)
        os.close(theirs)
        seen = b""
        while True:
            try:
                more = os.read(ours, 4096)
            except OSError:
                break
            if not more:
                break
            seen += more
        os.close(ours)
        process.wait(timeout=20)
        return seen.decode().replace("\r\n", "\n")

    def screen(self, seen):
        """The lines as they are left: a carriage return goes back to the beginning, what comes then is on top."""
        left = []
        for line in seen.split("\n"):
            shown = ""
            for part in line.split("\r"):
                shown = part + shown[len(part):]
            left.append(shown.rstrip())
        return left

    def setUp(self):
        super().setUp()
        self.server = FakeServer("silent")
        self.addCleanup(self.server.listener.close)
        closed = closed_port()
        # One that takes its time, so that there is something to wait for.
        self.list = self.file("targets", f"{self.server.target}\n" + "".join(f"127.0.0.{i}:{closed}\n" for i in range(2, 6)))

    def words(self, *more):
        return ("--targets", self.list, "--timeout", "1500ms", *more)

    def test_progress_is_on_the_terminal_and_gone_in_the_end(self):
        with open(self.path("out"), "w") as out:
            seen = self.run_there(*self.words("-o", "jsonl"), stdout=out)
        self.assertRegex(seen, r"\r4 of 5, 4 failing, [0-9.]+/s, \d s left; tcp-refused-no-listener 4 *\r")
        self.assertEqual(self.screen(seen), [""])
        with open(self.path("out")) as out:
            self.assertEqual(len(out.readlines()), 6)

    def test_it_fits_and_nothing_is_written_behind_it(self):
        for columns in (80, 40, 20):
            seen = self.run_there(*self.words("-q"), columns=columns)
            for part in seen.replace("\n", "\r").split("\r"):
                if " of 5" in part and "targets" not in part:
                    self.assertLessEqual(len(part.rstrip()), columns - 1)
            for line in self.screen(seen)[:5]:
                self.assertRegex(line, r"\A127\.0\.0\.\d:\d+   FAILED   [a-z-]+(   \S.*)?\Z")

    def test_a_line_of_quiet_is_a_line_of_the_screen(self):
        for line in self.screen(self.run_there(*self.words("-q")))[:5]:
            self.assertLessEqual(len(line), 80)

    def test_none_where_it_would_only_be_in_the_way(self):
        self.assertNotIn(" of 5", self.run_there(*self.words("-q"), env={"TERM": "dumb"}))
        self.assertNotIn(" of 1", self.run_there(self.server.target, "--timeout", "1s"))
        self.assertEqual(self.plumb("check", *self.words("-o", "jsonl")).stderr, "")


if __name__ == "__main__":
    unittest.main()
