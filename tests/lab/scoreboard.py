"""The scoreboard as text: a row per scenario, the groups, what has no scenario and why, totals."""

import subprocess

import yaml

import standing
from lab import plumb_binary
from scenario import DIRECTORY

REASONS = f"{DIRECTORY}/../without_scenario.yaml"


def reasons():
    with open(REASONS, encoding="utf-8") as file:
        return yaml.safe_load(file)


def catalogue():
    """The ids of `plumb causes`."""
    out = subprocess.run([plumb_binary(), "causes"], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in out.splitlines() if line and not line.startswith(" ")]


def show_row(row):
    got = row["got"] if row["got"] != row["cause"] else "="
    print(f"{'ok  ' if not row['wrong'] else 'FAIL'} {row['name']:30} {row['cause']:44} {got or row['outcome']:42} "
          f"{row['confidence'] or '-':8} {row['rank'] or '-':>2} {row['seconds']:5.1f} s", flush=True)
    for sentence in row["wrong"]:
        print(f"       {row['story'] if sentence is row['wrong'][0] else ''}\n       {sentence}", flush=True)


def show_groups(rows):
    for name, members in standing.groups(rows).items():
        letters = standing.kinds_of_evidence(members)
        kinds = len(set(letters))
        print(f"\n{name}: {len(members)} truths, {'the same evidence' if kinds == 1 else f'{kinds} kinds of evidence'}")
        for letter, row in zip(letters, members):
            print(f"  {letter} {row['rank'] or '-':>3}  {row['cause']:44} {row['confidence'] or '-':8} {row['name']}")
        for letter in sorted(set(letters) - {"A"}):
            only_a, only_it = standing.difference(members[letters.index("A")], members[letters.index(letter)])
            for owner, seen in (("A", only_a), (letter, only_it)):
                print(f"    only {owner}: {seen[0][:300] if seen else 'nothing'}{' …' if len(seen) > 1 else ''}")


def show(rows, wanted, seconds, partial):
    failed = [row for row in rows if row["wrong"]]
    show_groups(rows)
    if not partial:
        print("\nwithout a scenario:")
        for cause, reason in standing.uncovered(sorted(set(catalogue()) | set(reasons())), wanted, reasons()):
            print(f"  {cause:44} {reason}")
    decidable = [row for row in rows if not row["group"]]
    grouped = [row for row in rows if row["group"]]
    print(f"\n{len(rows)} scenarios, {len({row['cause'] for row in rows})} causes, {seconds:.0f} s; "
          f"decidable: the truth first in {sum(row['rank'] == 1 for row in decidable)} of {len(decidable)}; "
          f"in groups: among the candidates in {sum(row['rank'] > 0 for row in grouped)} of {len(grouped)}")
    print(f"{len(rows) - len(failed)} as expected, {len(failed)} not: {' '.join(row['name'] for row in failed)}")
    return 1 if failed else 0
