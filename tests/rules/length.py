"""Files of at most 400 lines, functions of at most 40 (signature not counted: from `{` to `}`).

Functions are found by their braces: a `{` whose head ends like a parameter list, outside any other function.
Lambdas inside a function belong to it; lambdas in a table are functions of their own.
"""

import re

import tree

MAX_FILE, MAX_FUNCTION = 400, 40

# Tables read row by row, not as prose: path, why.
TABLES = {}

FOLDERS = tree.PRODUCT + ("tests", "bench")

_CONTAINER = re.compile(r"^(?:inline\s+)?(?:namespace\b|extern\s*\"|(?:template\s*<.*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum)\b(?!.*\)\s*$))", re.S)
_FUNCTION = re.compile(
    r"\)\s*(?:const|noexcept(?:\s*\([^()]*\))?|override|final|mutable|constexpr|&&?|try|\s)*"
    r"(?:->\s*[\w:<>,\s*&()]+)?(?::(?!:).*[)}]\s*)?$", re.S)
_CONTROL = re.compile(r"^(?:else\s+)?(?:if|for|while|switch|catch)\b")


def _prepared(text):
    """Code without preprocessor lines (a multi-line macro included)."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()), tree.code(text), flags=re.M)


def functions(text):
    """(name, first line, last line) of every function body."""
    bare = _prepared(text)
    stack, found, head, in_function = [], [], 0, 0
    for match in re.finditer(r"[{};]", bare):
        at, mark = match.start(), match.group()
        if mark == "{":
            before = bare[head:at].strip()
            open_list = bare.count("(", head, at) != bare.count(")", head, at)
            is_function = (not in_function and not _CONTAINER.match(before) and not _CONTROL.match(before)
                           and bool(_FUNCTION.search(_from_lambda(before) if open_list or "](" in before or "] (" in before else before)))
            is_member = not in_function and not is_function and re.search(r"\)[^()]*:[^:].*\w\s*$", before, re.S)
            stack.append((at, before, is_function, bool(is_member), head))
            in_function += is_function
            head = at + 1
        elif mark == "}":
            if not stack:
                continue
            start, before, is_function, is_member, old_head = stack.pop()
            if is_function:
                in_function -= 1
                found.append((_name(before), tree.line_of(bare, start), tree.line_of(bare, at)))
            head = old_head if is_member else at + 1  # `a_{1}` of a constructor's list: the head goes on
        elif mark == ";":
            head = at + 1
    return found


def _from_lambda(before):
    """The tail of a head that holds a lambda: what follows its capture list."""
    at = max(before.rfind("]("), before.rfind("] ("))
    return before[at:] if at >= 0 else before


def _name(before):
    names = re.findall(r"([\w:~]+|operator\S+)\s*\(", before)
    return names[0] if names else "lambda"


def violations(root):
    found = []
    for path in tree.files(root, FOLDERS, (".hpp", ".cpp", ".py", ".sh", "CMakeLists.txt")):
        if path in TABLES:
            continue
        text = tree.read(root, path)
        lines = text.count("\n")
        if lines > MAX_FILE:
            found.append(f"{path}: {lines} lines, at most {MAX_FILE}")
        if path.endswith((".hpp", ".cpp")):
            for name, first, last in functions(text):
                if last - first + 1 > MAX_FUNCTION:
                    found.append(f"{path}:{first}: {name} has {last - first + 1} lines, at most {MAX_FUNCTION}")
    return found


_LONG = "  f();\n" * 39
CLEAN = {
    "src/a.cpp": "namespace plumb {\n" + "int x;\n" * 60 + "void f() {\n" + "  g();\n" * 38 + "}\n}\n",
    "src/table.cpp": "const Row kRows[] = {\n" + '  {"a", {1, 2}, f(1)},\n' * 100 + "};\n",
    "src/class.hpp": "class A : public B<int> {\n public:\n" + "  int f() const { return 1; }\n" * 80 + "};\n",
    "src/enum.hpp": "enum class E : int {\n" + "  a,\n" * 60 + "};\n",
}
PLANTED = [
    ("long file", {"src/b.cpp": "int x;\n" * 401}, "401 lines"),
    ("long python", {"tests/b.py": "x = 1\n" * 401}, "401 lines"),
    ("long function", {"src/b.cpp": "namespace plumb {\nvoid f(int a) {\n" + _LONG + "}\n}\n"}, "f has 41 lines"),
    ("long method", {"src/b.hpp": "class A final : public B {\n  int g() const override {\n" + _LONG + "  }\n};\n"}, "g has 41 lines"),
    ("long constructor", {"src/b.cpp": "A::A(int a) : a_(a), b_{2}, c_{f(a)} {\n" + _LONG + "}\n"}, "A::A has 41 lines"),
    ("trailing type", {"src/b.cpp": "auto f(int a) -> std::vector<int> {\n" + _LONG + "}\n"}, "f has 41 lines"),
    ("template", {"src/b.hpp": "template <class T>\nT f(T a) noexcept {\n" + _LONG + "}\n"}, "f has 41 lines"),
    ("braces in literals", {"src/b.cpp": 'void f() {\n  g("}}}", \'}\', R"(}})");  // }\n' + _LONG + "}\n"}, "f has 42 lines"),
    ("default argument in braces", {"src/b.cpp": "int f(std::vector<int> v = {}) {\n" + _LONG + "}\n"}, "has 41 lines"),
    ("lambda in a table", {"src/b.cpp": "const Check c{\n  .run = [](const Case& c) -> int {\n" + _LONG + "  },\n};\n"}, "has 41 lines"),
    ("nested blocks", {"src/b.cpp": "void f() {\n  if (a) {\n  for (;;) {\n" + _LONG + "  }\n  }\n}\n"}, "f has 45 lines"),
    ("test case", {"tests/src/b_test.cpp": "TEST(A, b) {\n" + _LONG + "}\n"}, "TEST has 41 lines"),
]

if __name__ == "__main__":
    tree.main(__name__)
