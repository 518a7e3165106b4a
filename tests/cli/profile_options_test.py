"""--profile, --profile-file and `plumb profiles`: which deployment is expected, and one's own."""

import json
import unittest

from certificates import HOST, Certificates
from fake_server import FakeServer, closed_port
from program import Program

NOBODY = "no profile is called {}; 'plumb profiles' lists them all"
WRONG_FILES = (
    ("- name: a\n  prot: 1\n", "line 2: unknown key 'prot'"),
    ("- name: a\n  port: 70000\n", "line 2: expected a port, 1 to 65535"),
    ("- name: a\n  port: x\n", "line 2: expected a port, 1 to 65535"),
    ("- name: a\n  tls: maybe\n", "line 2: expected off, preferred, required, verify-ca or verify-full"),
    ("- name: a\n  address: inside\n", "line 2: expected any, private or public"),
    ("- name: a\n  behind_load_balancer: maybe\n", "line 2: expected true or false"),
    ("- name: a\n  flavors: [tidbb]\n", "line 1: flavors: tidbb is none of mysql, mariadb, tidb, tiproxy, "
                                        "tidb-gateway, aurora, rds, heatwave, percona"),
    ("- name: a\n  flavors: {tidb: 1}\n", "line 2: expected a list"),
    ("- name: a\n  hosts: '('\n", "line 1: hosts: ( is no regular expression (Mismatched '(' and ')' in regular "
                                  "expression)"),
    (f"- name: a\n  hosts: '{'a' * 513}'\n", "line 1: hosts: longer than 512 characters"),
    ("- name: a\n  like: aurora\n", "line 1: like: no shipped profile is called aurora"),
    ("- name: A\n", "line 1: a profile's name has 1 to 64 of a-z 0-9 - _ and ."),
    ("- like: mysql\n", "line 1: a profile's name has 1 to 64 of a-z 0-9 - _ and ."),
    ("- name: mysql\n", "line 1: the name mysql is a shipped profile's"),
    ("- name: a\n- name: a\n", "line 2: a second profile of this name"),
    ("name: a\n", "line 1: expected a list of profiles"),
    ("", "it is empty; expected a list of profiles"))


class Profiles(Program):
    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.close)

    def own(self, text):
        return self.file("profiles.yaml", text)

    def profile_of(self, report):
        return report["target"]["profile"]

    def test_the_host_name_chooses_and_a_name_is_stronger(self):
        for host, profile in (("gateway01.us-east-1.prod.aws.tidbcloud.com", "tidb-starter-public-aws"),
                              ("GATEWAY01.us-east-1.prod.aws.tidbcloud.com", "tidb-starter-public-aws"),
                              ("shop.cluster-abc123.us-east-1.rds.amazonaws.com", "aurora-direct"),
                              (HOST, "mysql")):
            with FakeServer() as server:
                target = (f"{host}:{server.port}", "--connect-to", "127.0.0.1", "--tls", "off")
                run = self.plumb("check", *target, "-o", "json")
                self.assertEqual(self.profile_of(json.loads(run.stdout)), profile, run.stderr)
                run = self.plumb("check", *target, "--profile", "rds-direct", "-o", "json")
                self.assertEqual(self.profile_of(json.loads(run.stdout)), "rds-direct")

    def test_the_profile_gives_the_tls_mode_and_the_flavor(self):
        with FakeServer() as server:
            words = (server.target, "--profile", "tidb-starter-public-aws")
            report = self.report(*words, code=1)
            self.assertEqual([(f["id"], f["severity"]) for f in report["findings"]],
                             [("tls-server-without-ssl", "error"), ("mysql-wrong-server-answered", "warning")])
            self.assertIn("the policy is verify-full", report["findings"][0]["summary"])
            explicit = self.report(*words, "--tls", "off")  # always stronger
            self.assertEqual((explicit["outcome"], explicit["cause"]), ("degraded", "mysql-wrong-server-answered"))

    def test_the_old_name_of_starter_is_understood(self):
        with FakeServer() as server:
            report = self.report(server.target, "--profile", "tidb-serverless-public-aws", "--tls", "off")
            self.assertEqual(self.profile_of(report), "tidb-starter-public-aws")

    def test_a_profile_that_is_none(self):
        for command in ("check", "wait"):
            self.refused("--profile: " + NOBODY.format("aurora"), command, "db", "--profile", "aurora")
        self.refused("--profile: " + NOBODY.format("a\\x1b[31m"), "check", "db", "--profile", "a\x1b[31m")

    def test_own_profile_gives_port_tls_roots_name_and_flavor(self):
        with FakeServer(tls=self.certificates.server()) as server:
            own = self.own(f"- name: orders\n  like: rds-direct\n  hosts: 'orders\\d*\\.corp\\.example'\n"
                           f"  port: {server.port}\n  tls: verify-full\n  ca: {self.certificates.path('root.crt')}\n"
                           f"  server_name: {HOST}\n  flavors: [mysql]\n")
            words = ("--profile-file", own, "--connect-to", "127.0.0.1")
            for target, more in (("orders7.corp.example", ()), ("elsewhere.example", ("--profile", "orders"))):
                report = self.report(target, *words, *more)
                self.assertEqual((self.profile_of(report), report["outcome"], report["findings"]),
                                 ("orders", "ok", []))
                self.assertEqual(self.facts(report, "tls")[0]["tls.name_checked"], HOST)
            wrong = self.report("orders.corp.example", *words, "--ca", self.certificates.path("other.crt"), code=1)
            self.assertEqual(wrong["cause"], "tls-wrong-ca-for-deployment")  # an option is stronger
            other = self.report(f"orders.corp.example.org:{server.port}", *words)  # the whole name must match
            self.assertEqual(self.profile_of(other), "mysql")

    def test_own_profile_whose_roots_are_missing_is_a_finding_and_not_wrong_usage(self):
        with FakeServer(tls=self.certificates.server()) as server:
            own = self.own("- name: orders\n  tls: verify-ca\n  ca: /nonexistent.pem\n")
            run = self.plumb("check", server.target, "--profile", "orders", "--profile-file", own, "-o", "json")
            self.assertEqual(run.returncode, 1)
            self.assertEqual(run.stderr, "plumb: profile orders: cannot open /nonexistent.pem: No such file or "
                                         "directory\n")
            self.assertEqual(json.loads(run.stdout)["cause"], "tls-ca-file-missing")

    def test_own_profile_goes_with_the_saved_evidence(self):
        with FakeServer() as server:
            own = self.own(f"- name: orders\n  port: {server.port}\n  flavors: [tidb]\n")
            saved = self.path("saved.jsonl")
            live = self.report("127.0.0.1", "--profile", "orders", "--profile-file", own, "--save", saved)
        run = self.plumb("replay", saved, "-o", "json")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertEqual(json.loads(run.stdout)["findings"], live["findings"])
        self.assertEqual(live["cause"], "mysql-wrong-server-answered")

    def test_a_file_that_is_wrong_names_the_place_and_what_is_right(self):
        for text, message in WRONG_FILES:
            own = self.own(text)
            for words in (("check", f"127.0.0.1:{closed_port()}"), ("wait", "127.0.0.1"), ("profiles",)):
                self.refused(f"--profile-file: {own}: {message}", *words, "--profile-file", own)

    def test_a_file_that_is_no_yaml(self):
        for text in ("- [\n", "- name: 'a\n", "\0\1\2", "- &a [*a", "[" * 100000):
            own = self.own(text)
            run = self.plumb("profiles", "--profile-file", own)
            self.assertEqual((run.returncode, run.stdout), (2, ""), text[:20])
            self.assertRegex(run.stderr, rf"\Aplumb: --profile-file: {own}: line \d+: [ -~]+\n\Z")

    def test_a_file_that_cannot_be_read(self):
        for path, message in ((self.path("none.yaml"), "cannot read it: No such file or directory"),
                              (self.directory, "cannot read it: Is a directory"),
                              ("/dev/zero", "longer than 1 MiB"),
                              (self.own("#" * (1 << 20) + "\n- name: a\n"), "longer than 1 MiB")):
            self.refused(f"--profile-file: {path}: {message}", "profiles", "--profile-file", path)
            self.refused(f"--profile-file: {path}: {message}", "check", "db", "--profile-file", path)
        many = self.own("".join(f"- name: p{i}\n" for i in range(1001)))
        self.refused(f"--profile-file: {many}: line 1: more than 1000 profiles", "profiles", "--profile-file", many)

    def test_no_pattern_holds_a_run_up(self):
        own = self.own("- name: a\n  hosts: '((a|a)*)*b'\n")
        with FakeServer() as server:
            report = self.report(f"{'a' * 60}.{'a' * 60}:{server.port}", "--connect-to", "127.0.0.1",
                                 "--profile-file", own)
            self.assertEqual(self.profile_of(report), "mysql")


class ProfilesCommand(Program):
    def test_lists_every_profile_with_a_line_of_what_it_is(self):
        run = self.plumb("profiles")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        names = [row["name"] for row in self.rows()]
        listed = run.stdout.split("\n\n")[0].splitlines()
        self.assertEqual([line.split()[0] for line in listed if not line.startswith(" ")], names)
        self.assertLessEqual(max(map(len, run.stdout.splitlines())), 80)
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual({"mysql", "tidb-dedicated-private", "heatwave-egress-aurora", "aws-vpce"}, set(names))

    def rows(self, *arguments):
        run = self.plumb("profiles", *arguments, "-o", "json")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        document = json.loads(run.stdout)
        self.assertEqual(document["schema"], "plumb.profiles/1")
        return document["profiles"]

    def test_one_in_full_for_each(self):
        for row in self.rows():
            run = self.plumb("profiles", row["name"])
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertTrue(run.stdout.startswith(row["name"] + "\n"))
            self.assertIn(f"TLS           {row['tls']}\n", run.stdout)
            for line in run.stdout.splitlines():  # but a pattern or an address to fetch is never broken
                self.assertTrue(len(line) <= 80 or len(line[16:].split()) == 1, line)
            self.assertEqual(self.rows(row["name"]), [row])

    def test_own_ones_come_first(self):
        own = self.file("own.yaml", "- name: orders\n  like: aurora-direct\n  port: 3307\n  title: Ours\n")
        first = self.rows("--profile-file", own)[0]
        self.assertEqual((first["name"], first["title"], first["port"], first["like"]),
                         ("orders", "Ours", 3307, "aurora-direct"))
        page = self.plumb("profiles", "orders", "--profile-file", own)
        self.assertRegex(page.stdout, r"\Aorders\n  Ours\n\n  Chosen by     --profile orders\n")
        self.assertRegex(page.stdout, r"(?m)^  Like          aurora-direct$")

    def test_wrong_usage(self):
        self.refused(NOBODY.format("aurora"), "profiles", "aurora")
        self.refused(NOBODY.format("aurora"), "profiles", "aurora", "-o", "json")
        self.refused("-o: expected text or json", "profiles", "-o", "html")
        self.refused("too many arguments", "profiles", "mysql", "mariadb")
        self.refused("unknown option --purpose", "profiles", "--purpose", "connect")


if __name__ == "__main__":
    unittest.main()
