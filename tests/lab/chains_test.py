"""Every shape of chain (chain_shapes.py), judged by plumb and by `openssl verify` side by side.

A real MariaDB serves each chain (FLUSH SSL, no restart), with OpenSSL's policy lifted for the server alone, so that it
takes weak keys too. `openssl verify` judges the very same files: the same roots and nothing of the host's store, the
same name, purpose and security level. Both must accept or both refuse, with the same code; plumb must give the reason.
Where the policy does not ask for a verified chain, the same finding must be there and be information.

The table is printed at the end and written to build/chains.txt.
"""

import re
import ssl
import time
import unittest

import chain_shapes
from chains import Chains
from database import PlainDatabase
from lab import CACHE, ROOT, Lab
from report_schema import validate
from settings_client import metadata
from settings_server import OLD_POLICY
from vpc import OWN_HOST, PORT, ZONES

LEVEL = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).security_level
DATES = {"certificate_expired": 10, "certificate_not_yet_valid": 9}
ENDS_SOON = {"tls-certificate-expires-soon", "tls-chain-expires-soon"}
HEADINGS = ("what is sent and trusted", "openssl", "plumb", "plumb's cause")


def name_of(shape):
    return ZONES[0] if shape.host == "address" else OWN_HOST


def handshake(report):
    return next(seen for seen in report["evidence"] if seen["phase"] == "tls")


def code_of(report):
    """plumb keeps chain, name and dates apart; OpenSSL names the first, in this order."""
    seen = handshake(report)
    facts = seen["facts"]
    if facts["tls.verify_code"] != 0:
        return facts["tls.verify_code"], facts["tls.verify_depth"]
    if not facts["tls.name_ok"]:
        return (64 if re.fullmatch(r"[0-9.]+", facts["tls.name_checked"]) else 62), 0
    return (0, 0) if facts["tls.dates_ok"] else (DATES[seen["failure"]], None)


class ChainsTest(unittest.TestCase):
    rows = {}

    @classmethod
    def setUpClass(cls):
        cls.chains = Chains(CACHE)
        cls.lab = Lab(PlainDatabase)
        cls.addClassCleanup(cls.lab.close)
        cls.addClassCleanup(cls.show)
        cls.server = cls.lab.db_host
        cls.put_key(cls.lab.certificates.key)
        cls.lab.database.start(extra=[f"--ssl-key={cls.server.directory}/server.key"],
                               environment={"OPENSSL_CONF": cls.server.write("openssl.cnf", OLD_POLICY)})

    @classmethod
    def put_key(cls, path):
        with open(path, encoding="ascii") as key:
            cls.server.write("server.key", key.read())

    def serve(self, shape):
        self.server.write("server.chain", self.chains.text(shape.sent))
        self.put_key(self.chains.key(shape.sent[0]))
        self.ca = self.lab.client.write("ca.pem", self.chains.text(shape.trusted))
        self.lab.database.sql("FLUSH SSL")

    def openssl(self, shape, *words):
        """The first error, (code, depth), and whether the chain is accepted."""
        client = self.lab.client
        files = ["-untrusted", client.write("rest.pem", self.chains.text(shape.sent[1:]))] if shape.sent[1:] else []
        name = "-verify_ip" if shape.host == "address" else "-verify_hostname"
        done = client.run("openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", self.ca, *files, name, name_of(shape),
                          "-purpose", "sslserver", "-auth_level", str(LEVEL), *words,
                          client.write("leaf.pem", self.chains.text(shape.sent[:1])), check=False)
        errors = re.findall(r"error (\d+) at (\d+) depth", done.stdout + done.stderr)
        return tuple(map(int, errors[0])) if errors else (0, 0), done.returncode == 0

    def check(self, shape, mode):
        """Again where the metadata service's clock is missing: a busy machine answers too late for it."""
        for _ in range(3):
            run = self.lab.plumb("check", f"{name_of(shape)}:{PORT}", "--connect-to", ZONES[0], "--tls", mode,
                                 "--ca", self.ca, "-o", "json")
            report = run.report
            if any("local.clock_offset_s" in seen["facts"] for seen in report["evidence"]):
                break
        validate(report)
        self.assertEqual(run.exit, 1 if report["outcome"] == "failed" else 0, run.out)
        return report

    def judge(self, shape):
        self.serve(shape)
        code, accepted = self.openssl(shape)
        report = self.check(shape, "verify-full")
        ours = code_of(report)
        self.rows[shape.name] = (code, ours, report)
        self.assertEqual((code[0], accepted), (shape.code, shape.code == 0), "openssl verify")
        self.assertEqual(ours[0], code[0], report["findings"])
        if ours[1] is not None:
            self.assertEqual(ours, code)
        self.assertEqual(report["outcome"] != "failed", accepted, report["findings"])
        self.reason(shape, report)
        if shape.cause and shape.cause not in ENDS_SOON:
            self.asked_for_less(shape)

    def reason(self, shape, report):
        self.assertEqual(report.get("cause", ""), shape.cause, report["findings"])
        if not shape.cause:
            self.assertEqual(report["outcome"], "ok", report["findings"])
            return
        first = report["findings"][0]
        self.assertEqual(first["confidence"], shape.confidence, first)
        for words in shape.says:
            self.assertIn(words, first["summary"])
        self.assertLessEqual(set(shape.beside), {finding["id"] for finding in report["findings"]})

    def asked_for_less(self, shape):
        """What the policy does not ask for is information, and keeps nobody out."""
        for mode in ("verify-ca", "required"):
            report = self.check(shape, mode)
            if mode == "verify-ca" and not shape.name_only:
                self.assertEqual((report["outcome"], report["cause"]), ("failed", shape.cause), mode)
                continue
            self.assertEqual(report["outcome"], "ok", (mode, report["findings"]))
            severities = {finding["id"]: finding["severity"] for finding in report["findings"]}
            self.assertEqual({severities.get(each) for each in (shape.cause, *shape.beside)}, {"info"}, (mode, severities))

    @classmethod
    def show(cls):
        lines = ["{:28} {:7} {:7} {}".format(*HEADINGS)]
        for shape in chain_shapes.SHAPES:
            if shape.name in cls.rows:
                theirs, ours, report = cls.rows[shape.name]
                lines.append(f"{shape.name:28} {in_words(theirs):7} {in_words(ours):7} {report.get('cause', '')}".rstrip())
        lines += ["", "what plumb says"]
        for shape in chain_shapes.SHAPES:
            if shape.name in cls.rows and "cause" in cls.rows[shape.name][2]:
                first = cls.rows[shape.name][2]["findings"][0]
                lines.append(f"{shape.name}: {first['summary']} ({first['confidence']}, {first['owner']})")
        text = "\n".join(lines) + "\n"
        print("\n" + text, flush=True)
        with open(f"{ROOT}/build/chains.txt", "w", encoding="utf-8") as file:
            file.write(text)


def in_words(code):
    number, depth = code
    return "ok" if number == 0 else str(number) if depth is None else f"{number} at {depth}"


def make_test(shape):
    def test(self):
        if not shape.ahead_s:
            self.judge(shape)
            return
        with metadata(self.lab, {"provider": "aws", "ahead_s": shape.ahead_s}):
            self.judge(shape)
        there = self.openssl(shape, "-attime", str(int(time.time()) + shape.ahead_s))
        self.assertEqual(there, ((0, 0), True), "by the other clock the chain is good")
    return test


for _shape in chain_shapes.SHAPES:
    setattr(ChainsTest, "test_" + re.sub(r"\W+", "_", _shape.name), make_test(_shape))
