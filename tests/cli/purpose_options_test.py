"""--purpose, --replica-version and --pinned-target: what the server is for, and whether it is still the one."""

import unittest

from certificates import HOST, Certificates
from fake_resolver import FakeResolver
from fake_server import FakeServer, closed_port
from program import Program

NEED_AN_ACCOUNT = ("dms-source", "dms-target", "replication-source")


def note(purpose):
    """What is said before the first packet where a purpose has no account."""
    return f"plumb: --purpose {purpose} needs an account (--user, --password-file): without one nobody can look\n"


class Purposes(Program):
    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.close)

    def named(self, server, *words, **expected):
        return self.report(f"{HOST}:{server.port}", "--connect-to", "127.0.0.1", "--ca",
                           self.certificates.path("root.crt"), *words, **expected)

    def not_seen(self, report):
        found = [finding for finding in report["findings"] if finding["id"] == "session-not-visible"]
        return (report["target"]["purpose"], report["outcome"], [finding["severity"] for finding in found],
                [facts.get("session.not_held") for facts in self.facts(report, "session")])

    def test_without_an_account_connect_is_judged_and_the_others_are_not(self):
        with FakeServer(tls=self.certificates.server()) as server:
            for words in ((), ("--purpose", "connect")):
                self.assertEqual(self.not_seen(self.named(server, *words)), ("connect", "ok", [], []))
            for purpose in NEED_AN_ACCOUNT:
                report = self.named(server, "--purpose", purpose, code=3, said=note(purpose))
                self.assertEqual(self.not_seen(report), (purpose, "unknown", ["warning"], ["no-account"]))
                self.assertNotIn("cause", report)

    def test_connect_to_leads_where_a_session_cannot_follow(self):
        account = ("--user", "app", "--password-file", self.file("pw", "secret"))
        with FakeServer(None, tls=self.certificates.server()) as server:
            self.assertEqual(self.not_seen(self.named(server, *account)), ("connect", "ok", ["info"], ["connect-to"]))
            for purpose in NEED_AN_ACCOUNT:
                report = self.named(server, *account, "--purpose", purpose, code=3)
                self.assertEqual(self.not_seen(report), (purpose, "unknown", ["warning"], ["connect-to"]))

    def test_what_keeps_the_client_out_is_said_whatever_the_purpose(self):
        for purpose in NEED_AN_ACCOUNT:
            report = self.report(f"127.0.0.1:{closed_port()}", "--purpose", purpose, code=1, said=note(purpose))
            self.assertEqual((report["outcome"], report["cause"]), ("failed", "tcp-refused-no-listener"))

    def test_dms_goes_its_own_way_and_the_report_says_so(self):
        with FakeServer() as server:
            for purpose in NEED_AN_ACCOUNT:
                report = self.report(server.target, "--purpose", purpose, code=3, said=note(purpose))
                remarks = report.get("remarks", [])
                self.assertEqual(any("AWS DMS takes its own" in remark for remark in remarks),
                                 purpose.startswith("dms"))

    def test_wrong_values(self):
        for purpose in ("dms", "DMS-source", "replication", ""):
            self.refused("--purpose: expected connect, dms-source, dms-target or replication-source",
                         "check", "db", "--purpose", purpose)
        words = ("check", "db", "--purpose", "replication-source", "--replica-version")
        for version in ("8.4", "8.4.0-cloud", "v8.4.0", "8.4.0.1", ""):
            self.refused("--replica-version: expected three numbers, such as 8.4.0", *words, version)
        for more in ((), ("--purpose", "dms-source")):
            self.refused("--replica-version needs --purpose replication-source",
                         "check", "db", "--replica-version", "8.4.0", *more)

    def test_replica_version_is_part_of_the_policy_that_is_saved(self):
        with FakeServer() as server:
            saved = self.path("saved.jsonl")
            self.report(server.target, "--purpose", "replication-source", "--replica-version", "8.4.3",
                        "--save", saved, code=3, said=note("replication-source"))
        with open(saved, encoding="utf-8") as file:
            self.assertIn('"replica_version":"8.4.3"', file.read())
        self.assertEqual(self.plumb("replay", saved).returncode, 3)


class PinnedTarget(Program):
    @classmethod
    def setUpClass(cls):
        cls.certificates = [Certificates(), Certificates()]
        for each in cls.certificates:
            cls.addClassCleanup(each.close)

    def stale(self, server, pinned, code=1):
        with FakeResolver({HOST: ["127.0.0.1"]}) as resolver:
            return self.report(f"{HOST}:{server.port}", "--resolver", resolver.address, "--pinned-target", pinned,
                               code=code)

    def test_the_address_that_the_name_gives_is_right(self):
        with FakeServer() as server:
            self.assertEqual(self.stale(server, "127.0.0.1", code=0)["outcome"], "ok")
            self.assertEqual(self.report(server.target, "--pinned-target", "127.0.0.1")["findings"], [])

    def test_another_address_is_stale_and_who_answers_there_is_said(self):
        now, other = (certificates.server() for certificates in self.certificates)
        for there, words in ((None, "Nobody answers there any more"),
                             ("silent", "What takes connections there does not greet"),
                             (now, "A server still answers there, with the same certificate: an old writer, or a reader"),
                             (other, "Another server answers there, with another certificate")):
            with FakeServer(tls=now) as server:
                if there is None:
                    report = self.stale(server, "127.0.0.9")
                elif there == "silent":
                    with FakeServer("silent", host="127.0.0.9", port=server.port):
                        report = self.stale(server, "127.0.0.9")
                else:
                    with FakeServer(tls=there, host="127.0.0.9", port=server.port) as pinned:
                        report = self.stale(server, "127.0.0.9")
                        self.assertEqual(pinned.logins, ["plumb_probe"])  # finished, as everywhere
                first = report["findings"][0]
                self.assertEqual((report["outcome"], report["cause"], first["confidence"]),
                                 ("degraded", "tcp-target-ip-stale", "certain"))
                self.assertTrue(first["summary"].startswith(
                    f"The load balancer sends to 127.0.0.9, while the name leads to 127.0.0.1:{server.port}"))
                self.assertIn(words, first["summary"])

    def test_it_is_replayed(self):
        with FakeServer() as server:
            saved = self.path("saved.jsonl")
            live = self.report(server.target, "--pinned-target", "127.0.0.9", "--save", saved, code=1)
        again = self.plumb("replay", saved, "-o", "json")
        self.assertEqual(again.returncode, 1)
        self.assertIn("tcp-target-ip-stale", again.stdout)
        self.assertEqual(live["cause"], "tcp-target-ip-stale")

    def test_wrong_values_and_contradictions(self):
        for value in ("db", "10.0.0.1:3306", "[::1]", ""):
            self.refused("--pinned-target: expected an IP address, without brackets or port",
                         "check", "db", "--pinned-target", value)
        self.refused("--pinned-target is compared with what the name gives, which --connect-to does not ask",
                     "check", "db", "--pinned-target", "10.0.0.1", "--connect-to", "10.0.0.2")
        self.refused("--pinned-target is excluded by -4 or -6", "check", "db", "-6", "--pinned-target", "10.0.0.1")
        self.refused("--source and --pinned-target are of different address families",
                     "check", "db", "--source", "127.0.0.1", "--pinned-target", "::1")


if __name__ == "__main__":
    unittest.main()
