"""Help, version, and every way to type it wrong."""

import unittest

from program import Program

DURATION = "expected a duration such as 500ms, 10s, 10m or 1h"


class Usage(Program):
    def test_help_names_what_works_and_nothing_else(self):
        run = self.plumb("--help")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for command in ("check", "wait", "replay", "causes", "profiles", "selftest"):
            self.assertIn(command, run.stdout)
            one = self.plumb(command, "--help")
            self.assertEqual((one.returncode, one.stderr), (0, ""))
            self.assertIn(f"Usage: plumb {command}", one.stdout)
            self.assertNotRegex(run.stdout + one.stdout,
                                r"(?m:^  (serve|history|cloud)\b)|--shard\b")

    def test_version(self):
        for arguments in (("--version",), ("check", "--version"), ("wait", "--version")):
            run = self.plumb(*arguments)
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertRegex(run.stdout, r"\Aplumb \d+\.\d+\.\d+\n\Z")

    def test_no_command(self):
        run = self.refused("A subcommand is required")
        self.assertEqual(run.stderr, "plumb: A subcommand is required\nTry 'plumb --help'.\n")

    def test_no_target(self):
        run = self.refused("TARGET is required, or a list of them with --targets", "check")
        self.assertEqual(run.stderr.split("\n")[1], "Try 'plumb check --help'.")
        self.refused("TARGET is required", "wait")
        self.refused("FILE is required", "replay")

    def test_unknown_options_and_arguments(self):
        self.refused("unknown option --nonsense", "check", "db", "--nonsense", "x")
        self.refused("unknown option --targets", "wait", "db", "--targets=x")
        self.refused("unknown option --concurrency", "wait", "db", "--concurrency=1")
        self.refused("TARGET: At Most 1 required but received 2", "wait", "db", "db2")
        self.refused("too many arguments", "causes", "a", "b")
        self.refused("too many arguments", "selftest", "x")

    def test_values(self):
        for option, value, message in (
                ("--tls", "maybe", "expected off, preferred, required, verify-ca or verify-full (MySQL's "
                                   "DISABLED … VERIFY_IDENTITY and DMS's none mean the same)"),
                ("--timeout", "10", DURATION), ("--timeout", "0s", DURATION), ("--retry-auth", "x", DURATION),
                ("--connect-to", "db", "expected an IP address, without brackets or port"),
                ("--source", "10.0.0.1:1", "expected an IP address, without brackets or port"),
                ("--resolver", "dns", "expected IP or IP:PORT"),
                ("--vpc-resolver", "dns", "expected an IP address"),
                ("--fail-on", "bad", "expected info, warning, error or critical")):
            self.refused(f"{option}: {message}", "check", "db", option, value)
        self.refused("--for: expected ok or failed", "wait", "db", "--for", "ever")
        self.refused(f"--deadline: {DURATION}", "wait", "db", "--deadline", "1")
        self.refused(f"--interval: {DURATION}", "wait", "db", "--interval", "1")
        self.refused("-o: expected text or json", "causes", "-o", "html")
        for arguments in (("--per-address", "0"), ("--cert-warn", "-1"), ("-o", "xml"), ("--cert-warn", "x")):
            self.assertEqual(self.plumb("check", "db", *arguments).returncode, 2)

    def test_contradictions(self):
        self.refused("--user needs --password-file FILE (or - for stdin); without an account leave it out",
                     "check", "db", "--user", "app")
        self.refused("--tls-cert and --tls-key go together", "check", "db", "--tls-cert", "c")
        self.refused("the targets and --password-file cannot both be read from stdin",
                     "check", "-", "--user", "app", "--password-file", "-")
        self.refused("--connect-to is excluded by -4 or -6", "check", "db", "-4", "--connect-to", "::1")
        self.refused("--source is excluded by -4 or -6", "check", "db", "-6", "--source", "127.0.0.1")
        self.refused("--source and --connect-to are of different address families",
                     "check", "db", "--source", "127.0.0.1", "--connect-to", "::1")
        self.refused("wait takes one TARGET, not a list", "wait", "-")
        self.assertEqual(self.plumb("check", "db", "-4", "-6").returncode, 2)

    def test_nagios_has_no_code_for_wrong_usage_but_unknown(self):
        self.refused("unknown option --nonsense", "check", "db", "-o", "nagios", "--nonsense", code=3)
        self.refused("cannot read the password file /nonexistent: No such file or directory; give "
                     "--password-file a file you may read, or - for stdin", "check", "db", "-o", "nagios",
                     "--user", "app", "--password-file", "/nonexistent", code=3)

    def test_unreadable_files_are_found_before_any_packet(self):
        self.refused("cannot read the password file /nonexistent: No such file or directory; give "
                     "--password-file a file you may read, or - for stdin",
                     "check", "db", "--user", "app", "--password-file", "/nonexistent")
        empty = self.file("empty", "")
        self.refused(f"the password file {empty} is empty; for an anonymous login leave --user and "
                     "--password-file out", "check", "db", "--user", "app", "--password-file", empty)
        password = self.file("pw", "x\n")
        self.refused("--password-file needs --user NAME, or a target mysql://user@host",
                     "check", "db", "--password-file", password)
        run = self.plumb("check", "db", "--ca", "/nonexistent.pem")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn("/nonexistent.pem", run.stderr)
        self.assertIn("No such file or directory", run.stderr)
        run = self.plumb("check", "db", "--tls-cert", "/nonexistent.pem", "--tls-key", "/nonexistent.key")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertTrue(run.stderr.startswith("plumb: --tls-cert, --tls-key: "), run.stderr)
        run = self.plumb("replay", "/nonexistent")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertEqual(run.stderr, "plumb: cannot replay /nonexistent: No such file or directory; it must be "
                                     "what --save wrote\n")

    def test_targets_that_are_none(self):
        self.refused("stdin named no target", "check", "-", stdin="# nothing\n\n")
        for target in ("db:0", "db:99999", "http://db/", "a b"):
            run = self.plumb("check", target)
            self.assertEqual((run.returncode, run.stdout), (2, ""), target)
            self.assertTrue(run.stderr.startswith("plumb: "), target)

    def test_causes(self):
        everything = self.plumb("causes")
        self.assertEqual((everything.returncode, everything.stderr), (0, ""))
        self.assertIn("dns-nxdomain", everything.stdout)
        one = self.plumb("causes", "dns-nxdomain")
        self.assertEqual((one.returncode, one.stderr), (0, ""))
        self.assertIn("dns-nxdomain", one.stdout)
        json_one = self.plumb("causes", "dns-nxdomain", "-o", "json")
        self.assertIn('"plumb.causes/1"', json_one.stdout.replace(" ", ""))
        near = self.refused("no cause is called dns-nxdomian; the nearest:", "causes", "dns-nxdomian")
        self.assertIn("dns-nxdomain", near.stderr)

    def test_selftest(self):
        run = self.plumb("selftest")
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        self.assertRegex(run.stdout, r"\n\d+ scenarios, \d+ recordings, all as expected\n\Z")


if __name__ == "__main__":
    unittest.main()
