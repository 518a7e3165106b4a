"""Every <path>.cpp of the product has its tests/<path>_test.cpp, and every test its file."""

import tree

# Without a test of their own: path, why.
WITHOUT_TEST = {
    "src/main.cpp": "three lines; tests/cli runs the program",
    "probe/net/asio.cpp": "only compiles Boost.Asio",
}
# Tests that mirror no .cpp: path, why.
WITHOUT_SOURCE = {
    "tests/src/worlds_test.cpp": "a property of the whole program, over worlds made of settings",
    "tests/src/systems_pages_test.cpp": "the screens in docs/systems against the whole program",
}


def violations(root):
    sources = tree.files(root, tree.PRODUCT, ".cpp")
    tests = set(tree.files(root, tuple(f"tests/{folder}" for folder in tree.PRODUCT), "_test.cpp"))
    found = []
    for path in sources:
        mirrored = f"tests/{path[:-4]}_test.cpp"
        if mirrored not in tests and path not in WITHOUT_TEST:
            found.append(f"{path}: no {mirrored}")
        elif mirrored in tests and "TEST" not in tree.code(tree.read(root, mirrored)):
            found.append(f"{mirrored}: holds no test")
    known = set(sources) | set(tree.files(root, tree.PRODUCT, ".hpp"))
    for test in sorted(tests):
        stem = test[len("tests/"):-len("_test.cpp")]
        if stem + ".cpp" not in known and stem + ".hpp" not in known and test not in WITHOUT_SOURCE:
            found.append(f"{test}: mirrors nothing, {stem}.cpp does not exist")
    found += [f"{path}: in the list of exceptions, but has a test" for path in WITHOUT_TEST
              if f"tests/{path[:-4]}_test.cpp" in tests]
    return found


CLEAN = {
    "src/main.cpp": "", "probe/wire/a.cpp": "", "tests/probe/wire/a_test.cpp": "TEST(A, b) {}\n",
    "probe/wire/only.hpp": "", "tests/probe/wire/only_test.cpp": "TEST(A, b) {}\n", "tests/support/x.cpp": "",
}
PLANTED = [
    ("no test", {"checks/mysql/b.cpp": ""}, "checks/mysql/b.cpp: no tests/checks/mysql/b_test.cpp"),
    ("empty test", {"tests/probe/wire/a_test.cpp": "// TEST\n"}, "holds no test"),
    ("test of nothing", {"tests/src/gone_test.cpp": "TEST(A, b) {}\n"}, "mirrors nothing"),
    ("stale exception", {"tests/src/main_test.cpp": "TEST(A, b) {}\n"}, "in the list of exceptions"),
]

if __name__ == "__main__":
    tree.main(__name__)
