"""The options about names and routes: which resolver is asked, from where, which family, how many at once."""

import json
import unittest

from fake_resolver import A, AAAA, FakeResolver
from fake_server import FakeServer
from program import Program

NAME = "db.example.com"
REFUSED = (1045, b"28000", b"Access denied for user 'app'@'127.0.0.1' (using password: YES)")


class NameOptions(Program):
    def connects(self, report):
        return [step["endpoint"] for step in report["evidence"] if step["phase"] == "connect"]

    def test_resolver_is_asked_both_families_and_followed(self):
        with FakeServer() as server, FakeResolver({NAME: ["127.0.0.1"]}) as resolver:
            report = self.report(f"{NAME}:{server.port}", "--resolver", resolver.address)
            self.assertEqual(self.connects(report), [server.target])
            self.assertEqual({kind for _, _, kind in resolver.asked}, {A, AAAA})
            facts = self.facts(report, "resolve")[0]
            self.assertEqual((facts["dns.rcode"], facts["dns.answers"], facts["dns.ttl_s"], facts["dns.truncated"],
                              facts["dns.authoritative"]), ("NOERROR", ["127.0.0.1"], 60, False, False))

    def test_vpc_resolver_is_asked_beside_and_not_followed(self):
        with FakeServer() as server, FakeResolver({NAME: ["127.0.0.1"]}) as ours, \
                FakeResolver({NAME: ["127.0.0.9"]}) as vpc:
            report = self.report(f"{NAME}:{server.port}", "--resolver", ours.address, "--vpc-resolver", vpc.address)
            self.assertEqual(self.connects(report), [server.target])
            self.assertEqual({step["resolver"] for step in report["evidence"] if "resolver" in step},
                             {ours.address, vpc.address})

    def test_one_family_only(self):
        with FakeServer(host="::1") as server, FakeResolver({NAME: ["127.0.0.1", "::1"]}) as resolver:
            report = self.report(f"{NAME}:{server.port}", "-6", "--resolver", resolver.address)
            self.assertEqual((self.connects(report), report["outcome"]), ([server.target], "ok"))
            self.assertEqual({kind for _, _, kind in resolver.asked}, {AAAA})
        with FakeServer() as server, FakeResolver({NAME: ["127.0.0.1", "::1"]}) as resolver:
            report = self.report(f"{NAME}:{server.port}", "-4", "--resolver", resolver.address)
            self.assertEqual((self.connects(report), report["outcome"]), ([server.target], "ok"))
            self.assertEqual({kind for _, _, kind in resolver.asked}, {A})

    def test_source_is_where_everything_leaves_from_in_its_family(self):
        with FakeServer() as server, FakeResolver({NAME: ["127.0.0.1", "::1"]}) as resolver:
            report = self.report(f"{NAME}:{server.port}", "--source", "127.0.0.2", "--resolver", resolver.address)
            self.assertEqual((self.connects(report), report["outcome"]), ([server.target], "ok"))
            self.assertEqual(self.facts(report, "connect")[0]["network.local.address"], "127.0.0.2")
            self.assertEqual({sender for sender, _, _ in resolver.asked}, {"127.0.0.2"})
        self.refused("the target [::1]:3306 is excluded by --source 127.0.0.2",
                     "check", "[::1]:3306", "--source", "127.0.0.2")
        self.refused("the target [::1]:3306 is excluded by -4 or -6", "check", "[::1]:3306", "-4")

    def test_dead_resolvers_take_a_third_of_the_time_at_most(self):
        with FakeResolver() as dead, FakeResolver() as dead_too:
            def took():
                reports.append(self.report(NAME, "--resolver", dead.address, "--resolver", dead_too.address,
                                           "--timeout", "1s", code=1))
                return reports[-1]["took_ms"] / 1000
            reports = []
            self.in_time(0.4, took)
            report = reports[-1]
            self.assertEqual(report["cause"], "dns-resolver-timeout")
            command = report["findings"][0]["remedy"][0]["command"]
            self.assertIn(f"dig -p {dead.address.split(':')[1]} {NAME} @127.0.0.1", command)

    def fleet(self, names, resolver):
        return json.loads(self.plumb("check", *names, "--resolver", resolver.address, "--timeout", "1s",
                                     "-o", "json").stdout)

    def test_one_dead_resolver_behind_many_is_said_once(self):
        names = ["a.example.com:4000", "b.example.com:4000", "c.example.com:4000"]
        with FakeResolver() as dead:
            self.assertEqual(self.fleet(names, dead)["common"], [
                {"what": "resolver", "values": [dead.address], "causes": ["dns-resolver-timeout"],
                 "count": 3, "targets": names}])
            text = self.plumb("check", *names, "--resolver", dead.address, "--timeout", "1s").stdout
            self.assertTrue(text.startswith("IN COMMON\n\n  3 targets with dns-resolver-timeout have the resolver"), text)
            self.assertEqual(text.count("IN COMMON"), 1)

    def test_a_resolver_that_answers_another_name_is_not_blamed(self):
        names = ["a.example.com:4000", "b.example.com:4000", "c.example.com:4000"]
        with FakeServer() as server, FakeResolver({NAME: ["127.0.0.1"]}) as resolver:
            fleet = self.fleet([*names, f"{NAME}:{server.port}"], resolver)
            self.assertEqual([report["outcome"] for report in fleet["reports"]], ["failed"] * 3 + ["ok"])
            self.assertEqual(fleet["common"], [])

    def test_per_address(self):
        with FakeServer(delay=0.1) as server:
            self.report(*[server.target] * 4, "--per-address", "1")
            self.assertEqual((server.connections, server.most_at_once), (4, 1))

    def test_retry_auth(self):
        password = self.file("pw", "wrong")
        words = ("--user", "app", "--password-file", password, "--deadline", "2500ms", "--interval", "200ms")
        with FakeServer(REFUSED) as server:
            self.plumb("wait", server.target, *words, "--retry-auth", "1s")
            self.assertIn(server.logins.count("app"), (2, 3))


if __name__ == "__main__":
    unittest.main()
