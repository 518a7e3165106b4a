"""Every parser and every exchange has a fuzz target that mentions it, and every target a seed corpus.

A parser is a function parse_* declared in a header of the product; an exchange is a class derived from
wire::Exchange, or the factory that a header declares in its place.
"""

import os
import re

import tree

# Not fuzzed on their own: name, why.
EXEMPT = {
    "parse_port": "part of Address and Target, fuzzed with them",
    "parse_scenario": "reads only what is compiled into the program, and tests read every one of them",
}

_PARSER = re.compile(r"\b(parse_\w+)\s*\(")
_EXCHANGE = re.compile(r"\bclass\s+(\w+)\s*(?:final\s*)?:\s*public\s+(?:plumb::)?(?:wire::)?Exchange\b")


def _words(root, path):
    return set(re.findall(r"\w+", tree.code(tree.read(root, path))))


def violations(root):
    targets = tree.files(root, ("tests/fuzz",), "_fuzz.cpp")
    mentioned = set().union(*(_words(root, t) for t in targets)) if targets else set()
    found = []
    for path in tree.files(root, tree.PRODUCT, (".hpp", ".cpp")):
        text = tree.code(tree.read(root, path))
        names = _EXCHANGE.findall(text) + (_PARSER.findall(text) if path.endswith(".hpp") else [])
        for name in sorted(set(names) - mentioned - set(EXEMPT)):
            found.append(f"{path}: {name} is in no tests/fuzz/*_fuzz.cpp")
    for target in targets:
        name = os.path.basename(target)[:-len("_fuzz.cpp")]
        if "LLVMFuzzerTestOneInput" not in _words(root, target):
            found.append(f"{target}: no LLVMFuzzerTestOneInput")
        corpus = os.path.join(root, "tests/fuzz/corpus", name)
        if not os.path.isdir(corpus) or not os.listdir(corpus):
            found.append(f"{target}: no seeds in tests/fuzz/corpus/{name}/")
    corpora = os.path.join(root, "tests/fuzz/corpus")
    for name in sorted(os.listdir(corpora)) if os.path.isdir(corpora) else []:
        if f"tests/fuzz/{name}_fuzz.cpp" not in targets:
            found.append(f"tests/fuzz/corpus/{name}/: no {name}_fuzz.cpp")
    return found


CLEAN = {
    "probe/wire/a.hpp": "A parse_a(View bytes);\n", "probe/wire/a.cpp": "static B parse_part(View v);\n",
    "checks/x/talk.hpp": "class Talk final : public wire::Exchange {};\n",
    "tests/fuzz/a_fuzz.cpp": "int LLVMFuzzerTestOneInput() { parse_a(x); Talk t; }\n", "tests/fuzz/corpus/a/seed": "x",
}
PLANTED = [
    ("parser", {"checks/x/b.hpp": "std::optional<B>\nparse_b(View);\n"}, "parse_b is in no"),
    ("mentioned in a comment only", {"checks/x/b.hpp": "B parse_b(View);\n", "tests/fuzz/b_fuzz.cpp":
     "// parse_b\nint LLVMFuzzerTestOneInput();\n", "tests/fuzz/corpus/b/s": ""}, "parse_b is in no"),
    ("exchange", {"checks/x/b.cpp": "class Chat : public Exchange {};\n"}, "Chat is in no"),
    ("no corpus", {"tests/fuzz/c_fuzz.cpp": "int LLVMFuzzerTestOneInput();\n"}, "no seeds in tests/fuzz/corpus/c/"),
    ("no entry", {"tests/fuzz/a_fuzz.cpp": "int main() { parse_a(x); Talk t; }\n"}, "no LLVMFuzzerTestOneInput"),
    ("orphan corpus", {"tests/fuzz/corpus/z/s": "x"}, "no z_fuzz.cpp"),
]

if __name__ == "__main__":
    tree.main(__name__)
