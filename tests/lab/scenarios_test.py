"""The scenario files are sound and recorded, and what the score is made of: ranks, judgement, groups. No lab is brought up."""

import contextlib
import copy
import os
import tempfile
import unittest

import healthy_runs
import recordings
import scoreboard
import standing
from database import PASSWORD
from scenario import Scenario, all_scenarios, faults_of

SOUND = {"story": "the port is closed", "cause": "tcp-x", "settings": [{"endpoint-group": {"ports": []}}],
         "twin": [{"endpoint-group": {"ports": [4000]}}]}


def changed(**keys):
    return {**copy.deepcopy(SOUND), **keys}


class FilesTest(unittest.TestCase):
    def test_all_load_and_name_causes_that_exist(self):
        known = set(scoreboard.catalogue())
        unknown = [f"{each.name}: {cause}" for each in all_scenarios() for cause in (each.cause, each.then)
                   if cause and cause not in known]
        self.assertEqual(unknown, [])

    def test_as_many_as_promised(self):
        chosen = all_scenarios()
        self.assertGreaterEqual(len({each.cause for each in chosen}), 60)
        silent = {each.cause for each in chosen if each.group.startswith("silence")}
        self.assertGreaterEqual(len(silent), 14)
        self.assertGreaterEqual(sum(bool(each.then) for each in chosen), 5)

    def test_each_cause_has_a_scenario_or_a_reason_and_never_both(self):
        without = standing.uncovered(scoreboard.catalogue(), all_scenarios(), scoreboard.reasons())
        session = [cause for cause, _ in without if cause.startswith("session-")]
        self.assertEqual([cause for cause, reason in without if reason == "NO REASON GIVEN" and cause not in session], [])
        covered = {each.cause for each in all_scenarios()}
        self.assertEqual(sorted(covered & set(scoreboard.reasons())), [])

    def test_healthy_variants_have_names_of_their_own(self):
        names = [name for name, _ in healthy_runs.variants()]
        self.assertEqual(len(names), len(set(names)))


class RecordingsTest(unittest.TestCase):
    """`./dev lab score --record` mends what fails here; of single scenarios, with --only."""

    def test_each_scenario_has_a_recording_or_a_reason_and_never_both(self):
        scenarios, recorded = {each.name for each in all_scenarios()}, recordings.names()
        self.assertEqual(sorted(scenarios - recorded - set(recordings.WITHOUT_RECORDING)), [], "not recorded")
        self.assertEqual(sorted(recorded - scenarios), [], "recorded under no scenario")
        self.assertEqual(sorted(recorded & set(recordings.WITHOUT_RECORDING)), [], "recorded in spite of a reason")
        self.assertEqual(sorted(set(recordings.WITHOUT_RECORDING) - scenarios), [], "a reason for no scenario")

    def test_the_expectations_are_those_of_the_scenarios(self):
        self.assertEqual(recordings.read_expectations(), recordings.expectations(recordings.names()))

    def test_nothing_of_the_machine_is_in_them(self):
        for name in sorted(recordings.names()):
            with open(recordings.path_of(name), encoding="utf-8") as file:
                self.assertEqual(recordings.complaints(file.read()), [], name)

    def test_what_is_of_the_machine(self):
        for text in ("/work/x/root.pem", "cannot read /home/me/ca.pem: gone", PASSWORD):
            self.assertEqual(len(recordings.complaints(f'{{"raw":"{text}"}}')), 1, text)
        self.assertEqual(recordings.complaints('"/run/lab/pki/root.pem" "/etc/hosts:3" "10.0.0.0/16" "https://docs.example/a/b"'), [])

    def test_what_names_the_machine_is_not_kept(self):
        with tempfile.TemporaryDirectory() as place:
            for text, kept in (('"/run/lab/pki/root.pem"', True), ('"/work/root.pem"', False)):
                with open(f"{place}/saved", "w", encoding="utf-8") as file:
                    file.write(text)
                with contextlib.suppress(RuntimeError):
                    recordings.keep(f"{place}/saved", str(kept), place)
                self.assertEqual(os.path.exists(recordings.path_of(str(kept), place)), kept)

    def test_a_group_is_never_expected_to_be_certain(self):
        expected = recordings.read_expectations()
        self.assertEqual([name for name, row in expected.items() if "group" in row and row["confidence"] == "certain"], [])


class SchemaTest(unittest.TestCase):
    def complaint(self, **keys):
        return " ".join(faults_of("it", changed(**keys)))

    def test_sound(self):
        self.assertEqual(faults_of("it", SOUND), [])

    def test_unknown_keys_are_errors_at_every_level(self):
        self.assertIn("colour", self.complaint(colour="red"))
        self.assertIn("sg", self.complaint(settings=[{"sg": {"ports": []}}]))
        self.assertIn("prots", self.complaint(settings=[{"endpoint-group": {"prots": []}}]))
        self.assertIn("renk", self.complaint(expect={"renk": 1}))

    def test_a_setting_is_one_setting(self):
        self.assertTrue(self.complaint(settings=[{"endpoint-group": {"ports": []}, "interface": "down"}]))

    def test_the_twin_differs_in_just_these_settings(self):
        self.assertIn("the twin keeps", self.complaint(twin=SOUND["settings"]))
        self.assertIn("the twin changes", self.complaint(twin=[{"interface": "up"}]))
        without = changed()
        del without["twin"]
        self.assertIn("'twin' is a required property", " ".join(faults_of("it", without)))

    def test_a_rank_is_for_groups(self):
        self.assertIn("a rank is for groups", self.complaint(expect={"rank": 2}))
        self.assertEqual(self.complaint(expect={"rank": 2, "group": "g"}), "")

    def test_then_is_for_two_faults(self):
        self.assertIn("two faults", self.complaint(then="tcp-y"))

    def test_variants_mend_the_twin_wholly_and_then_only_the_first(self):
        two = Scenario("it", "", "a", [{"interface": "down"}, {"certificate": "expired"}], then="b",
                       twin=[{"interface": "up"}, {"certificate": "good"}], given=[{"internet": "open"}])
        variants = dict(two.variants())
        self.assertEqual(variants["twin"], [{"internet": "open"}, {"interface": "up"}, {"certificate": "good"}])
        self.assertEqual(variants["then"], [{"internet": "open"}, {"interface": "up"}, {"certificate": "expired"}])


def report(*ids, outcome="failed", confidence="likely", decide_by=("the API",), evidence=()):
    return {"outcome": outcome, "evidence": list(evidence), "took_ms": 1, "findings": [
        {"id": cause, "confidence": confidence, "decide_by": list(decide_by)} for cause in ids]}


class StandingTest(unittest.TestCase):
    decidable = Scenario("it", "", "truth", [])
    grouped = Scenario("it", "", "truth", [], expect={"group": "silence", "rank": 3})

    def test_rank(self):
        self.assertEqual([standing.rank_of("truth", report(*ids)) for ids in (("truth",), ("x", "truth"), ("x",))], [1, 2, 0])

    def test_a_decidable_truth_must_be_first(self):
        self.assertEqual(standing.judge(self.decidable, report("truth", "x"), 1), [])
        self.assertIn("number 2", standing.judge(self.decidable, report("x", "truth"), 1)[0])
        self.assertIn("not among", standing.judge(self.decidable, report("x"), 1)[0])

    def test_outcome_and_exit(self):
        self.assertIn("outcome ok", standing.judge(self.decidable, report("truth", outcome="ok"), 1)[0])
        self.assertIn("exit 0", standing.judge(self.decidable, report("truth"), 0)[0])

    def test_follow_ups_end_with_the_timeout(self):
        late = {**report("truth"), "took_ms": 4200}
        self.assertIn("took 4200 ms", standing.judge(self.decidable, late, 1)[0])
        self.assertEqual(standing.judge(Scenario("it", "", "truth", [], timeout="4200ms"), late, 1), [])

    def test_a_grouped_truth_may_be_third_is_never_certain_and_says_what_decides(self):
        self.assertEqual(standing.judge(self.grouped, report("x", "y", "truth"), 1), [])
        self.assertIn("number 4", standing.judge(self.grouped, report("x", "y", "z", "truth"), 1)[0])
        self.assertIn("certain", standing.judge(self.grouped, report("truth", confidence="certain"), 1)[0])
        self.assertIn("decide_by", standing.judge(self.grouped, report("truth", decide_by=()), 1)[0])

    def test_twin_and_then(self):
        self.assertEqual(standing.judge_twin(self.decidable, report(outcome="ok")), [])
        self.assertIn("degraded (x)", standing.judge_twin(self.decidable, report("x", outcome="degraded"))[0])
        two = Scenario("it", "", "a", [], then="b")
        self.assertEqual(standing.judge_then(two, report("b", "a")), [])
        self.assertIn("mended a", standing.judge_then(two, report("a", "b"))[0])

    def test_evidence_is_the_same_whatever_its_order_and_times(self):
        first = {"n": 1, "phase": "connect", "took_ms": 3, "failure": "timed_out", "facts": {"tcp.connect_ms": 1, "dns.answers": ["a"]}}
        second = {"n": 2, "phase": "greeting", "took_ms": 9, "facts": {"mysql.version": "8"}}
        later = [{**second, "n": 1}, {**first, "n": 2, "took_ms": 4, "facts": {"tcp.connect_ms": 7, "dns.answers": ["a"]}}]
        self.assertEqual(standing.fingerprint(report(evidence=[first, second])), standing.fingerprint(report(evidence=later)))
        other = [{**first, "failure": "refused"}, second]
        self.assertNotEqual(standing.fingerprint(report(evidence=[first, second])), standing.fingerprint(report(evidence=other)))

    def test_groups_are_by_name_and_sorted_by_rank_with_the_missing_last(self):
        rows = [{"name": name, "group": group, "rank": rank, "fingerprint": print_}
                for name, group, rank, print_ in (("a", "g", 0, "1"), ("b", "g", 2, "1"), ("c", "", 1, "2"), ("d", "g", 1, "3"))]
        found = standing.groups(rows)
        self.assertEqual({name: [row["name"] for row in members] for name, members in found.items()}, {"g": ["d", "b", "a"]})
        self.assertEqual(standing.kinds_of_evidence(found["g"]), ["A", "B", "B"])

    def test_difference_of_evidence_goes_both_ways(self):
        self.assertEqual(standing.difference({"fingerprint": '["a", "b"]'}, {"fingerprint": '["b", "c"]'}), (["a"], ["c"]))

    def test_uncovered_says_where_a_reason_is_missing(self):
        self.assertEqual(standing.uncovered(["truth", "x", "y"], [self.decidable], {"x": "why"}),
                         [("x", "why"), ("y", "NO REASON GIVEN")])

    def test_live_and_replay_differ_in_times_alone(self):
        self.assertEqual(standing.without_times(report("a")), standing.without_times({**report("a"), "took_ms": 9}))
