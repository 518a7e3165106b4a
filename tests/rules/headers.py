"""Each header includes what it uses: it is the first that its own source includes, which the build proves to be enough. One
without a source of its own is compiled here, with the flags of its room: those of compile_commands.json in the build
directory (second argument), two compilers at a time.
"""

import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

import tree

JOBS = 2
LAUNCHERS = ("ccache", "sccache", "env", "cmake", "-E")
_FIRST = re.compile(r'^#include (\S+)', re.M)
_DROP_WITH_VALUE = ("-o", "-c", "-MF", "-MT", "-MQ")
_DROP = ("-MD", "-MMD", "-MP")


def _flags(command):
    words, flags, skip = shlex.split(command), [], False
    while words and (os.path.basename(words[0]) in LAUNCHERS or "=" in words[0]):
        words.pop(0)
    for word in words:
        if skip or word in _DROP_WITH_VALUE:
            skip = not skip and word in _DROP_WITH_VALUE
        elif word not in _DROP and not word.startswith(("-O", "-g")):
            flags.append(word)
    return flags


def rooms_flags(root, build):
    """Folder: flags of one source file there; nearest folder wins."""
    found = {}
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        for entry in json.load(file):
            path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
            found.setdefault(os.path.dirname(path), (_flags(entry["command"]), entry["directory"]))
    return found


def _flags_for(header, known):
    folder = os.path.dirname(header)
    while folder and folder not in known:
        folder = os.path.dirname(folder)
    if folder in known:
        return known[folder]
    below = [f for f in known if f.startswith(header.split("/")[0] + "/")]
    return known[sorted(below)[0]] if below else None


def _compile(root, header, known):
    found = _flags_for(header, known)
    if found is None:
        return f"{header}: no source near it in compile_commands.json"
    flags, directory = found
    done = subprocess.run(flags + ["-I", root, "-fsyntax-only", "-Werror", "-x", "c++", "-"], input=f'#include "{header}"\n',
                          text=True, cwd=directory, capture_output=True, check=False)
    if done.returncode == 0:
        return None
    first = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr[:200])
    return f"{header}: does not compile alone: {first.replace(root + '/', '')}"


def _judge(root, header, known):
    lines = tree.read(root, header).splitlines()
    if next((line for line in lines if line and not line.startswith("//")), "") != "#pragma once":
        return f"{header}: does not begin with #pragma once"
    source = header.removesuffix(".hpp") + ".cpp"
    if not os.path.exists(os.path.join(root, source)):
        return _compile(root, header, known)
    first = _FIRST.search(tree.read(root, source))
    return None if first and first[1] == f'"{header}"' else f"{source}: does not include {header} first"


def check(root, known):
    headers = tree.files(root, tree.PRODUCT + ("tests/support",), ".hpp")
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [line for line in pool.map(lambda h: _judge(root, h, known), headers) if line]


def violations(root):
    if "--self-test" in sys.argv:
        compiler = os.environ.get("CXX", "c++")
        return check(root, {"probe": ([compiler, "-std=c++20", "-Wall", "-Wextra", "-I" + root], root)})
    return check(root, rooms_flags(root, sys.argv[2]))


CLEAN = {"probe/a.hpp": "#pragma once\n#include <string>\nstruct A { std::string a; };\n",
         "probe/b.hpp": '#pragma once\n#include "probe/a.hpp"\nstruct B { A a; };\n'}
PLANTED = [
    ("forgotten include", {"probe/c.hpp": "#pragma once\nstruct C { std::vector<int> c; };\n"}, "probe/c.hpp: does not compile alone"),
    ("no guard", {"probe/c.hpp": "struct C {};\n"}, "probe/c.hpp: does not begin"),
    ("hidden by another", {"probe/a.cpp": '#include <string>\n#include "probe/a.hpp"\n'}, "probe/a.cpp: does not include"),
    ("a warning", {"probe/c.hpp": "#pragma once\ninline int f(int a) { return 1; }\n"}, "unused"),
]

if __name__ == "__main__":
    tree.main(__name__)
