"""How one run of plumb stands to the truth: pure, of a report and a scenario; and the scoreboard's groups and totals."""

import collections
import json

from scenario import CONFIDENCES

TIMES = ("took_ms", "started")
# Facts that differ from run to run though nothing else does.
RUNNING = ("_ms", ".ms", "dns.ttl_s", "mysql.thread_id", "network.local.port", "path.source_port", "tcp.rtt", "admission.", "tcp.unacked",
           "tcp.retransmits", "tcp.syn_retransmits", "local.syns_resent", "raw")
GRACE_MS = 100  # design.md §2.2


def rank_of(cause, report):
    """1 for the first finding; 0: not among them."""
    ids = [finding["id"] for finding in report.get("findings", ())]
    return ids.index(cause) + 1 if cause in ids else 0


def confidence_of(cause, report):
    return next((finding["confidence"] for finding in report.get("findings", ()) if finding["id"] == cause), "")


def judge(scenario, report, exit_code):
    """What is not as it should be of the fault, as sentences."""
    wrong = []
    if report.get("outcome") != scenario.outcome:
        wrong.append(f"outcome {report.get('outcome')}, expected {scenario.outcome}")
    if exit_code != scenario.exit:
        wrong.append(f"exit {exit_code}, expected {scenario.exit}")
    if report.get("took_ms", 0) > scenario.timeout_ms + GRACE_MS:
        wrong.append(f"took {report['took_ms']:.0f} ms, with --timeout {scenario.timeout}")
    rank = rank_of(scenario.cause, report)
    if not rank:
        wrong.append("the truth is not among the findings")
        return wrong
    if rank > scenario.rank:
        wrong.append(f"the truth is number {rank}, expected {scenario.rank} at most")
    confidence = confidence_of(scenario.cause, report)
    if CONFIDENCES.index(confidence) > CONFIDENCES.index(scenario.confidence):
        wrong.append(f"{confidence}, expected {scenario.confidence} at most")
    finding = report["findings"][rank - 1]
    if scenario.group and confidence != "certain" and not finding.get("decide_by"):
        wrong.append("the truth has no decide_by")
    return wrong


def judge_twin(scenario, report):
    wanted = scenario.expect.get("twin", "ok")
    if report.get("outcome") == wanted:
        return []
    ids = " ".join(finding["id"] for finding in report.get("findings", ())[:2])
    return [f"the twin is {report.get('outcome')} ({ids})"]


def judge_then(scenario, report):
    first = next((finding["id"] for finding in report.get("findings", ())), "nothing")
    return [] if first == scenario.then else [f"with the first fault mended {first}, expected {scenario.then}"]


def _steady(value):
    """Evidence without what differs from run to run: times and numbers that servers and kernels hand out."""
    if isinstance(value, dict):
        return {key: _steady(inner) for key, inner in value.items()
                if key not in TIMES and not any(part in key for part in RUNNING)}
    if isinstance(value, list):
        return sorted((_steady(inner) for inner in value), key=json.dumps)  # resolvers turn their answers round
    return value


def fingerprint(report):
    """Equal for two runs that saw the same: a set of observations, as order and numbering depend on timing."""
    seen = {json.dumps(_steady({key: inner for key, inner in observation.items() if key not in ("n", "after")}), sort_keys=True)
            for observation in report.get("evidence", ())}
    return json.dumps(sorted(seen))


def without_times(report):
    """For live against replay: the whole report but times."""
    return {key: inner for key, inner in report.items() if key not in TIMES}


def groups(rows):
    """group: rows of the scenarios whose evidence is said to be the same, by the truth's rank."""
    found = collections.defaultdict(list)
    for row in rows:
        if row["group"]:
            found[row["group"]].append(row)
    return {name: sorted(members, key=lambda row: (row["rank"] or 1000, row["name"])) for name, members in sorted(found.items())}


def kinds_of_evidence(members):
    """A letter for each row: rows of one letter saw the same."""
    letters = {}
    for row in members:
        letters.setdefault(row["fingerprint"], chr(ord("A") + len(letters)))
    return [letters[row["fingerprint"]] for row in members]


def difference(row, other):
    """What one saw and the other did not, both ways."""
    mine, others = set(json.loads(row["fingerprint"])), set(json.loads(other["fingerprint"]))
    return sorted(mine - others), sorted(others - mine)


def uncovered(catalogue, scenarios, reasons):
    """(cause, reason) of each cause that no scenario has as its truth; a missing reason is said."""
    covered = {scenario.cause for scenario in scenarios}
    return [(cause, reasons.get(cause, "NO REASON GIVEN")) for cause in catalogue if cause not in covered]
