"""Each option of `check` against a server on loopback: what it changes."""

import json
import unittest

from fake_server import FakeServer, closed_port
from program import Program, normalised

REFUSED = (1045, b"28000", b"Access denied for user 'app'@'127.0.0.1' (using password: YES)")


class CheckOptions(Program):
    def test_anonymous_login_is_ok(self):
        with FakeServer() as server:
            report = self.report(server.target)
            self.assertEqual(report["outcome"], "ok")
            self.assertNotIn("cause", report)
            self.assertEqual(server.logins, ["plumb_probe"])

    def test_probe_user(self):
        with FakeServer() as server:
            self.report(server.target, "--probe-user", "monitor")
            self.assertEqual(server.logins, ["monitor"])

    def test_nothing_listens(self):
        report = self.report(f"127.0.0.1:{closed_port()}", code=1)
        self.assertEqual((report["outcome"], report["cause"]), ("failed", "tcp-refused-no-listener"))

    def test_tls_required_of_a_server_without(self):
        for mode in ("required", "REQUIRED", "verify-ca", "VERIFY_IDENTITY"):
            with FakeServer() as server:
                report = self.report(server.target, "--tls", mode, code=1)
                self.assertEqual(report["cause"], "tls-server-without-ssl")
        for mode in ("off", "DISABLED", "none", "preferred"):
            with FakeServer() as server:
                self.assertEqual(self.report(server.target, "--tls", mode)["outcome"], "ok")

    def test_server_name_alone_means_verify_full(self):
        with FakeServer() as server:
            report = self.report(server.target, "--server-name", "db.example.com", code=1)
            self.assertEqual(report["cause"], "tls-server-without-ssl")

    def test_connect_to_skips_dns(self):
        with FakeServer() as server:
            report = self.report(f"db.example.com:{server.port}", "--connect-to", "127.0.0.1")
            self.assertEqual([step["phase"] for step in report["evidence"]][0], "connect")
            self.assertEqual(report["target"]["host"], "db.example.com")

    def test_resolver_that_refuses(self):
        port = closed_port()
        report = self.report("db.example.com:3306", "--resolver", f"127.0.0.1:{port}", "--timeout", "2s", code=1)
        self.assertEqual(report["cause"], "dns-resolver-timeout")
        self.assertEqual({step.get("resolver") for step in report["evidence"] if step.get("resolver")},
                         {f"127.0.0.1:{port}"})

    def test_source(self):
        with FakeServer() as server:
            report = self.report(server.target, "--source", "127.0.0.2")
            self.assertTrue(self.facts(report, "connect")[0]["network.local.address"].startswith("127.0.0.2"))

    def test_timeout_bounds_the_run(self):
        def took():
            with FakeServer("silent") as server:
                report = self.report(server.target, "--timeout", "1500ms", code=1)
            self.assertEqual(report["cause"], "mysql-no-greeting-timeout")
            return report["took_ms"] / 1000
        self.in_time(1.6, took)

    def test_account_and_its_password(self):
        password = self.file("pw", "secret\n")
        with FakeServer(None) as server:
            report = self.report(server.target, "--user", "app", "--password-file", password)
            self.assertEqual((report["outcome"], server.logins), ("ok", ["app"]))
        with FakeServer(None) as server:
            self.report(server.target, "--user", "app", "--password-file", "-", stdin="secret\r\n")
            self.assertEqual(server.logins, ["app"])
        with FakeServer(None) as server:
            self.report(f"mysql://app@{server.target}", "--password-file", password)
            self.assertEqual(server.logins, ["app"])

    def test_account_of_a_target_without_a_password_is_not_tried_and_it_is_said(self):
        with FakeServer() as server:
            run = self.plumb("check", f"mysql://app@{server.target}", "-o", "json")
            self.assertEqual((run.returncode, server.logins), (0, ["plumb_probe"]))
            self.assertEqual(run.stderr, "plumb: without --password-file the account of a target is not tried: "
                                         "the login is anonymous\n")

    def test_refused_password(self):
        password = self.file("pw", "wrong\n")
        with FakeServer(REFUSED) as server:
            report = self.report(server.target, "--user", "app", "--password-file", password, code=1)
            self.assertEqual(report["cause"], "mysql-access-denied-1045")
            self.assertEqual(server.logins.count("app"), 1)

    def test_several_targets_in_their_order(self):
        closed = f"127.0.0.1:{closed_port()}"
        with FakeServer() as one, FakeServer() as two:
            fleet = self.report(one.target, closed, two.target, code=1)
            self.assertEqual(fleet["schema"], "plumb.fleet/1")
            self.assertEqual([r["target"]["port"] for r in fleet["reports"]],
                             [one.port, int(closed.split(":")[1]), two.port])
            listed = self.report("-", code=1, stdin=f"# two\n{one.target}\n\n{closed}\n")
            self.assertEqual([r["outcome"] for r in listed["reports"]], ["ok", "failed"])

    def test_fail_on(self):
        closed = f"127.0.0.1:{closed_port()}"
        self.report(closed, "--fail-on", "critical", code=1)  # failed is 1 whatever the severity
        with FakeServer() as server:
            self.report(server.target, "--fail-on", "critical")

    def test_quiet_shows_failing_targets_only(self):
        with FakeServer() as server:
            run = self.plumb("check", server.target, "-q")
            self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
            closed = f"127.0.0.1:{closed_port()}"
            run = self.plumb("check", server.target, closed, "-q")
            self.assertEqual(run.returncode, 1)
            self.assertIn(closed, run.stdout)
            self.assertNotIn(server.target, run.stdout)

    def test_explain_says_what_was_ruled_out(self):
        closed = f"127.0.0.1:{closed_port()}"
        short, long = self.plumb("check", closed), self.plumb("check", closed, "--explain")
        self.assertGreater(len(long.stdout), len(short.stdout))
        self.assertIn("dns-nxdomain", long.stdout)

    def test_accepted_without_effect_here(self):
        with FakeServer() as server:
            self.report(server.target, "-4", "--retry-auth", "5m", "--no-color", "--ca", "system", "--tls", "preferred")

    def test_decorated_targets_are_cleaned_and_it_is_said(self):
        with FakeServer() as server:
            run = self.plumb("check", f" jdbc:mysql://{server.target}/ ", "-o", "json")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual(json.loads(run.stdout)["target"]["host"], "127.0.0.1")
            self.assertRegex(normalised(run.stderr),
                             r"\Aplumb: the target is read as 127\.0\.0\.1:PORT \(taken off: .*jdbc.*\)\n\Z")


if __name__ == "__main__":
    unittest.main()
