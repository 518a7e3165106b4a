"""The tree as the rules see it: its files, and C++ text with comments and literals blanked out.

A rule is a module with `violations(root) -> [str]`, `CLEAN` (a tree that keeps it) and `PLANTED`
(label, files, words the complaint must hold). `main` runs it on a tree, or, with --self-test, shows on
temporary trees that it is silent on the clean one and complains about every planted fault.
"""

import os
import re
import sys
import tempfile
import traceback

PRODUCT = ("probe", "checks", "src")

_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'", re.S)


def files(root, folders, endings):
    """Paths relative to root, sorted; folders that do not exist are empty."""
    found = []
    for folder in folders:
        for where, below, names in os.walk(os.path.join(root, folder)):
            below[:] = sorted(d for d in below if d not in ("build", "__pycache__", "corpus"))
            found += [os.path.relpath(os.path.join(where, n), root) for n in names if n.endswith(endings)]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def code(text):
    """Comments and the inside of literals blanked, every line where it was."""
    def blank(match):
        found = match.group()
        if found.startswith("/"):
            return _blank(found)
        quote = found[-1]
        return quote + _blank(found[1:-1]) + quote
    return _LITERAL.sub(blank, text)


def comments(text):
    """(line, comment) for each comment, literals skipped."""
    for match in _LITERAL.finditer(text):
        if match.group().startswith("/"):
            yield line_of(text, match.start()), match.group()


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def plant(root, tree):
    for path, text in tree.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)


def self_test(rule):
    faults = []
    cases = [("the clean tree", {}, None)] + list(rule.PLANTED)
    for label, extra, expected in cases:
        with tempfile.TemporaryDirectory() as root:
            plant(root, {**rule.CLEAN, **extra})
            found = rule.violations(root)
        if expected is None and found:
            faults.append(f"{label}: complains without cause: {found}")
        if expected is not None and not any(expected in line for line in found):
            faults.append(f"{label}: not found (wanted '{expected}', got {found})")
    print(f"{len(cases)} trees, {len(faults)} faults of the rule")
    return faults


def main(name):
    rule = sys.modules[name]
    try:
        found = self_test(rule) if "--self-test" in sys.argv else rule.violations(sys.argv[1])
    except Exception:  # a rule that cannot run has not been kept
        traceback.print_exc()
        sys.exit(2)
    for line in found:
        print(line)
    sys.exit(1 if found else 0)
