"""The papers: links lead somewhere, README stays short, every folder that is promised one has its own."""

import os
import re

import tree

MOST_LINES = {"README.md": 200, "CONTRIBUTING.md": 150, "SECURITY.md": 100}
GENERATED = ("docs/causes.md",)  # as long as what it is written from
# What a test writes there is not prose.
SCREEN = re.compile(r"<!-- (?:screen|candidate): [^>]* -->\n```\n.*?```\n", re.S)
REQUIRED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "probe/README.md", "checks/README.md",
            "docs/README.md", "bench/results.md")


def violations(root):
    found = [f"{path}: missing" for path in REQUIRED if not os.path.exists(os.path.join(root, path))]
    papers = [p for p in os.listdir(root) if p.endswith(".md")] + tree.files(root, tree.PRODUCT + ("docs", "bench", "tests"), ".md")
    for path in sorted(papers):
        text = tree.read(root, path)
        lines = SCREEN.sub("", text).count("\n")
        if path not in GENERATED and lines > MOST_LINES.get(path, 400):
            found.append(f"{path}: {lines} lines, at most {MOST_LINES.get(path, 400)}")
        for match in re.finditer(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            if not os.path.exists(os.path.join(root, os.path.dirname(path), match.group(1))):
                found.append(f"{path}:{tree.line_of(text, match.start())}: leads nowhere: {match.group(1)}")
    return found


CLEAN = {**{path: "" for path in REQUIRED}, "README.md": "[a](docs/README.md#x) [b](https://x.org/y) [c](probe/)\n"}
PLANTED = [
    ("dead link", {"docs/README.md": "[x](gone.md)\n"}, "docs/README.md:1: leads nowhere: gone.md"),
    ("screens beside a long text", {"README.md": "<!-- screen: x -->\n```\n" + "y\n" * 99 + "```\n" + "x\n" * 201}, "README.md: 201 lines"),
    ("long README", {"README.md": "x\n" * 201}, "README.md: 201 lines"),
]

if __name__ == "__main__":
    tree.main(__name__)
