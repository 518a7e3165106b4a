"""The options about TLS against a server that speaks it: what is verified, presented, warned of and kept."""

import ssl
import unittest

from certificates import HOST, Certificates
from fake_server import FakeServer
from program import Program


class TlsOptions(Program):
    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.close)

    def server(self, **options):
        return FakeServer(tls=self.certificates.server(**options))

    def named(self, server, *arguments, code=0):
        return self.report(f"{HOST}:{server.port}", "--connect-to", "127.0.0.1", *arguments, code=code)

    def pem(self, name):
        return self.certificates.path(name)

    def test_ca_alone_means_verify_full(self):
        with self.server() as server:
            good = self.named(server, "--ca", self.pem("root.crt"))
            self.assertEqual((good["outcome"], good["findings"]), ("ok", []))
            wrong = self.named(server, "--ca", self.pem("other.crt"), code=1)
            self.assertEqual(wrong["cause"], "tls-wrong-ca-for-deployment")
            by_address = self.report(server.target, "--ca", self.pem("root.crt"), code=1)
            self.assertEqual(by_address["outcome"], "failed", "the certificate is for a name")

    def test_server_name_is_sent_and_checked(self):
        with self.server() as server:
            words = (server.target, "--ca", self.pem("root.crt"), "--server-name")
            self.assertEqual(self.report(*words, HOST)["outcome"], "ok")
            wrong = self.report(*words, "else.example.com", code=1)
            self.assertEqual(wrong["cause"], "tls-hostname-mismatch")
            facts = self.facts(wrong, "tls")[0]
            self.assertEqual((facts["tls.name_checked"], facts["tls.sni"]), ("else.example.com",) * 2)

    def test_shipped_roots_are_trusted_alone(self):
        with self.server() as server:
            for ca, words, subjects in (("isrg-root-x1", "the shipped ISRG Root X1", ["X1"]),
                                        ("isrg-roots", "the shipped ISRG Root X1 and X2", ["X1", "X2"])):
                report = self.named(server, "--ca", ca, code=1)
                facts = self.facts(report, "tls")[0]
                self.assertEqual((report["cause"], facts["tls.trust"]), ("tls-wrong-ca-for-deployment", ca))
                self.assertIn(words + " does not trust it", report["findings"][0]["summary"])
                self.assertEqual(facts["tls.trust_subjects"],
                                 [f"CN=ISRG Root {x},O=Internet Security Research Group,C=US" for x in subjects])
                self.assertEqual(self.named(server, "--ca", ca, "--tls", "preferred")["outcome"], "ok")
            starter = self.named(server, "--profile", "tidb-starter-public-aws", code=1)
            self.assertEqual(self.facts(starter, "tls")[0]["tls.trust"], "isrg-roots", "the profile's roots")

    def test_roots_that_are_none(self):
        for ca, message in (("isrg-root-x2", "cannot open isrg-root-x2: No such file or directory"),
                            ("ISRG-ROOT-X1", "cannot open ISRG-ROOT-X1: No such file or directory"),
                            ("/", "cannot read /: Is a directory"),
                            (self.file("none.pem", "nothing\n"),
                             f"cannot use {self.path('none.pem')}: no PEM certificate in it")):
            self.refused(f"--ca: {message}; give a PEM file of root certificates you may read, or system, "
                         "isrg-root-x1 or isrg-roots", "check", "db", "--ca", ca)

    def test_each_mode_asks_for_its_part(self):
        with self.server() as server:
            other, root = ("--ca", self.pem("other.crt")), ("--ca", self.pem("root.crt"))
            wrong_name = ("--server-name", "else.example.com")
            for mode, words, code in (("off", other, 0), ("preferred", other, 0), ("required", other, 0),
                                      ("verify-ca", other, 1), ("verify-ca", root + wrong_name, 0),
                                      ("verify-full", root + wrong_name, 1), ("verify-full", root, 0)):
                report = self.named(server, "--tls", mode, *words, code=code)
                self.assertEqual("tls" in [step["phase"] for step in report["evidence"]], mode != "off")

    def test_every_fact_of_the_chain_is_kept_when_the_login_fails_later(self):
        refused = (1045, b"28000", b"Access denied for user 'app'@'127.0.0.1' (using password: YES)")
        password = self.file("pw", "wrong")
        with FakeServer(refused, tls=self.certificates.server()) as server:
            report = self.named(server, "--ca", self.pem("root.crt"), "--user", "app", "--password-file", password,
                                code=1)
        self.assertEqual(report["cause"], "mysql-access-denied-1045")
        self.assertIn("sent once", report["findings"][0]["summary"])
        facts = self.facts(report, "tls")[0]
        self.assertEqual([facts[f"tls.{verdict}_ok"] for verdict in ("chain", "name", "dates")], [True] * 3)
        leaf, root = facts["tls.chain"]
        self.assertEqual((root["subject"], root["is_ca"], root["self_signed"]), (leaf["issuer"], True, True))
        self.assertEqual((leaf["key"], leaf["is_ca"], leaf["self_signed"]), ("EC-P-256", False, False))
        self.assertEqual(leaf["sha256"], facts["tls.server.hash.sha256"])
        for member in ("subject", "issuer", "not_before", "not_after"):
            self.assertEqual(leaf[member], facts[f"tls.server.{member}"])
        self.assertEqual(facts["tls.san"], [f"DNS:{HOST}"])

    def test_client_certificate(self):
        own = ("--tls-cert", self.pem("client.crt"), "--tls-key", self.pem("client.key"))
        for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.server(demand_client=True, newest=newest) as server:
                without = self.named(server, "--ca", self.pem("root.crt"), code=1)
                self.assertEqual(without["cause"], "tls-client-cert-required", newest)
                self.assertEqual(self.named(server, "--ca", self.pem("root.crt"), *own)["outcome"], "ok")
                self.assertEqual(server.certificates[-1]["subject"], ((("commonName", "plumb client"),),))

    def test_client_key_of_another_certificate_is_found_before_any_packet(self):
        with self.server() as server:
            run = self.plumb("check", server.target, "--tls-cert", self.pem("client.crt"),
                             "--tls-key", self.pem("server.key"))
            self.assertEqual((run.returncode, run.stdout, server.connections), (2, "", 0))
            self.assertTrue(run.stderr.startswith("plumb: --tls-cert, --tls-key: "), run.stderr)

    def test_cert_warn_and_fail_on(self):
        with self.server() as server:
            words = ("--ca", self.pem("root.crt"), "--cert-warn")
            self.assertEqual(self.named(server, *words, "70")["outcome"], "ok")
            soon = self.named(server, *words, "90")
            self.assertEqual((soon["outcome"], soon["cause"]), ("degraded", "tls-certificate-expires-soon"))
            self.assertEqual(soon["findings"][0]["severity"], "warning")
            self.named(server, *words, "90", "--fail-on", "warning", code=1)
            target = ("check", f"{HOST}:{server.port}", "--connect-to", "127.0.0.1")
            nagios = self.plumb(*target, *words, "90", "-o", "nagios")
            self.assertEqual((nagios.returncode, nagios.stdout.split()[1]), (1, "WARNING"), nagios.stdout)
            metrics = self.plumb(*target, *words, "90", "-o", "prometheus")
            self.assertRegex(metrics.stdout, r"(?m)^probe_success(\{[^}]*\})? 1$")
            self.assertRegex(metrics.stdout, r"(?m)^probe_ssl_earliest_cert_expiry(\{[^}]*\})? \d")


if __name__ == "__main__":
    unittest.main()
