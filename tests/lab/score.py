"""`./dev lab score`: every scenario and its twin against plumb, as a table; exit 1 where plumb is wrong.

    --only NAME…    these scenarios
    --jobs N        labs beside each other (default: one per core)
    --record [DIR]  keeps the evidence of each scenario that comes out as expected (recordings.py); without DIR in
                    tests/recordings, which the unit tests and `plumb selftest` judge again
    --replay        judges the saved evidence again with `plumb replay` and compares
    --healthy N     instead: N runs over all healthy variants (healthy_runs.py)

A lab is a process of its own in namespaces of its own; it takes scenarios' names from stdin and answers with rows of JSON.
"""

import argparse
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time

import enclosure
import mysql_server
import recordings
import scenario as scenarios
import scoreboard
import standing

HERE = os.path.abspath(__file__)


def run_variant(lab, scenario, variant, words_of_run):
    with lab.scenario(scenario, variant) as words:
        run = lab.plumb("check", *words, "--timeout", scenario.timeout, "-o", "json", *words_of_run)
    if run.exit not in (0, 1, 3):
        raise RuntimeError(f"exit {run.exit}: {run.err.strip()[:200]}")
    return run


def replayed(lab, path, live):
    run = lab.plumb("replay", path, "-o", "json")
    if run.exit not in (0, 1, 3):
        return [f"replay: exit {run.exit}: {run.err.strip()[:120]}"]
    old, new = (json.dumps(standing.without_times(report), sort_keys=True) for report in (live, run.report))
    return [] if old == new else ["replay judges otherwise than live"]


def score_one(lab, scenario, options):
    row = {"name": scenario.name, "story": scenario.story, "cause": scenario.cause, "group": scenario.group, "wrong": [],
           "got": "", "outcome": "", "confidence": "", "rank": 0, "seconds": 0.0, "fingerprint": "[]"}
    with tempfile.TemporaryDirectory() as place:
        saved = f"{place}/{scenario.name}.jsonl"
        try:
            run = run_variant(lab, scenario, "fault", ["--save", saved] if options.record or options.replay else [])
            report = run.report
            row.update(seconds=run.seconds, outcome=report["outcome"], rank=standing.rank_of(scenario.cause, report),
                       confidence=standing.confidence_of(scenario.cause, report), fingerprint=standing.fingerprint(report),
                       got=next((finding["id"] for finding in report["findings"]), ""))
            row["wrong"] += standing.judge(scenario, report, run.exit)
            if options.replay:
                row["wrong"] += replayed(lab, saved, report)
            row["wrong"] += standing.judge_twin(scenario, run_variant(lab, scenario, "twin", []).report)
            if scenario.then:
                row["wrong"] += standing.judge_then(scenario, run_variant(lab, scenario, "then", []).report)
            if options.record and not row["wrong"]:
                recordings.keep(saved, scenario.name, options.record)
        except (RuntimeError, AssertionError, OSError, subprocess.SubprocessError) as error:
            row["wrong"].append(f"could not be run: {str(error)[:300]}")
    return row


def work(options):
    """One lab: scenario names on stdin, rows on stdout."""
    from database import Database
    from lab import Lab
    lab = Lab(mysql_server.MySql if options.database == "mysql" else Database)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(score_one(lab, scenarios.find(line.strip()), options)), flush=True)


class Worker:
    """The other end of `work`."""

    def __init__(self, words, database):
        self.process = subprocess.Popen(["/usr/bin/python3", "-B", HERE, *words, "--worker", "--database", database],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the lab ended")
        return json.loads(line)

    def score(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def drain(names, words, database, rows, tell):
    worker = None
    while True:
        try:
            name = names.get_nowait()
        except queue.Empty:
            break
        worker = worker or Worker(words, database)
        row = worker.score(name)
        rows.append(row)
        tell(row)
    if worker:
        worker.close()


def score(wanted, options, words):
    rows, threads = [], []
    for database in ("mysql", "mariadb"):
        names = queue.Queue()
        for scenario in wanted:
            if scenario.database == database:
                names.put(scenario.name)
        for _ in range(min(names.qsize(), 1 if database == "mysql" else options.jobs)):
            threads.append(threading.Thread(target=drain, args=(names, words, database, rows, scoreboard.show_row)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(rows, key=lambda row: row["name"])


def leave_out_mysql(wanted):
    if os.access(f"{mysql_server.CHROOT}/usr/sbin/mysqld", os.X_OK) and os.geteuid() == 0:
        return wanted
    for scenario in wanted:
        if scenario.database == "mysql":
            print(f"!!! SKIPPED {scenario.name}: no MySQL chroot (./dev test --full makes it, as root)")
    return [scenario for scenario in wanted if scenario.database != "mysql"]


def main(words):
    parser = argparse.ArgumentParser(prog="./dev lab score", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--record", type=os.path.abspath, nargs="?", const=recordings.DIRECTORY, metavar="DIR")
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("--healthy", type=int, metavar="N")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--database", default="mariadb", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.record:
        os.makedirs(options.record, exist_ok=True)
    if options.worker:
        enclosure.enter([HERE, *words])
        return work(options)
    if options.healthy:
        import healthy_runs
        return healthy_runs.main([HERE.replace("score.py", "healthy_runs.py"), str(options.healthy)])
    wanted = leave_out_mysql([scenarios.find(name) for name in options.only] or scenarios.all_scenarios())
    started = time.monotonic()
    rows = score(wanted, options, words)
    if options.record:
        recordings.write_expectations(options.record)
    return scoreboard.show(rows, wanted, time.monotonic() - started, bool(options.only))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
