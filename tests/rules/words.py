"""Words that say nothing, notes without an owner, and the co_await expressions that GCC 12 miscompiles.

GCC 12.2 destroys twice what is built inside an awaited call (CONTRIBUTING.md, "Coroutines"): within a
co_await full expression no lambda with captures and no braced temporary; nor `auto [a, b] = co_await`.
"""

import re

import tree

EMPTY = re.compile(r"(?:^|_)(?:utils?|common|helpers?|managers?|misc)(?:_|$)")
# Words of the field or of a library that hold one of them.
ALLOWED = re.compile(r"common_?name$|^common_(?:type|reference)(?:_t|_with)?$|^(?:NID|SN|LN|EVP|X509|OSSL)_")
NOTE = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?![^\n]*#\d+)")
EVERYWHERE = tree.PRODUCT + ("tests", "bench")


def _snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().strip("_")


def says_nothing(name):
    return bool(EMPTY.search(_snake(name))) and not ALLOWED.search(name if "_" in name[:5] else _snake(name))


def awaited(bare):
    """(position, text) of each full expression that begins with co_await, up to its `;` or closing bracket."""
    for match in re.finditer(r"\bco_await\b", bare):
        depth, end = 0, match.end()
        while end < len(bare):
            char = bare[end]
            if char in "([{":
                depth += 1
            elif char in ")]}":
                depth -= 1
            if depth < 0 or (char == ";" and depth == 0):
                break
            end += 1
        yield match.start(), bare[match.end():end]


def _traps(path, bare):
    for at, text in awaited(bare):
        where = f"{path}:{tree.line_of(bare, at)}"
        if re.search(r"(?<![\w)\]])\s*\[[^\[\]]+\]\s*[({]", re.sub(r"(?<=[\w)\]])\s*\[", "<", text)):
            yield f"{where}: a lambda with captures inside co_await: name it first"
        if "{" in re.sub(r"\[\s*\]\s*(?:\([^()]*\))?[^{};]*\{", "", text):
            yield f"{where}: a braced temporary inside co_await: name it first"
        if re.search(r"\bauto\s*&?&?\s*\[[^\]]*\]\s*=\s*$", bare[max(0, at - 200):at]):
            yield f"{where}: auto [a, b] = co_await: bind the whole first"


def violations(root):
    found = []
    for path in tree.files(root, EVERYWHERE, (".hpp", ".cpp", ".py", ".sh", ".yaml", ".txt")):
        for part in path.split("/"):
            if says_nothing(part.split(".")[0]):
                found.append(f"{path}: '{part}' says nothing")
        text = tree.read(root, path)
        if not path.endswith((".hpp", ".cpp")):
            continue
        for line, comment in tree.comments(text):
            if NOTE.search(comment):
                found.append(f"{path}:{line}: a note without an issue: {comment.strip()[:60]}")
        bare = tree.code(text)
        named = re.sub(r"^[ \t]*#[ \t]*include[^\n]*", "", bare, flags=re.M)
        for name in sorted(set(re.findall(r"\b[A-Za-z_]\w*\b", named))):
            if says_nothing(name):
                found.append(f"{path}: the name '{name}' says nothing")
        found += _traps(path, bare)
    return found


CLEAN = {
    "probe/net/stream.cpp": "// what is common; TODO(#12): more\n#include <x/common.h>\n"
                            "auto a = NID_commonName; using T = std::common_type_t<int>; auto common_name = 1;\n"
                            "auto step = [this] { return 1; };\n"
                            "co_await asio::post(ex, redirect_error(use_awaitable, ec));\n"
                            "co_await f(list[i], array[j](2), std::move(named));\n"
                            "co_await f([](int x) { return x; });\n"
                            "if (co_await g()) { h({1}); }\nauto made = F{1}; co_await run(made);\n",
}
PLANTED = [
    ("file", {"probe/wire/string_utils.cpp": ""}, "'string_utils.cpp' says nothing"),
    ("folder", {"src/common/x.cpp": ""}, "'common' says nothing"),
    ("type", {"src/x.hpp": "class ConnectionManager;\n"}, "'ConnectionManager' says nothing"),
    ("function", {"src/x.hpp": "void test_helper();\n"}, "'test_helper' says nothing"),
    ("note", {"src/x.cpp": "int a;  // TODO: later\n"}, "src/x.cpp:1: a note without an issue"),
    ("capture", {"probe/net/x.cpp": "co_await f([this](int x) { return x; });\n"}, "a lambda with captures"),
    ("capture over lines", {"probe/net/x.cpp": "auto r =\n  co_await f(a,\n    [&] { return 1; });\n"}, "a lambda with captures"),
    ("braced argument", {"probe/net/x.cpp": "co_await f({host, port});\n"}, "a braced temporary"),
    ("braced type", {"probe/net/x.cpp": "if (co_await f(Options{host, port})) g();\n"}, "a braced temporary"),
    ("bindings", {"probe/net/x.cpp": "auto [a, b] = co_await f();\n"}, "bind the whole"),
]

if __name__ == "__main__":
    tree.main(__name__)
