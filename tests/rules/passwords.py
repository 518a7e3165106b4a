"""Passwords stay out of argv, the environment, files we write, and every room that does not put them on the wire."""

import re

import tree

REVEAL = re.compile(r"checks/mysql/\w+\.cpp|probe/net/session_\w+\.cpp|probe/model/secret\.hpp|tests/")
_STRING = re.compile(r'"((?:\\.|[^"\\\n])*)"')
_SECRET = re.compile(r"pass(?:word|wd)?|secret|token|\bpwd\b|_pwd", re.I)

RULES = [
    (re.compile(r'\b(?:secure_)?getenv\s*\(\s*"[^"]*(?:PASS|SECRET|TOKEN|PWD|KEY)[^"]*"', re.I), "a secret from the environment"),
    (re.compile(r'\badd_(?:option|flag)\w*\s*(?:<[^;()]*>)?\s*\(\s*(?:\w+\s*,\s*)?"[^"\n]*--?(?:password|passwd|pass)(?![\w-])(?!\s*(?:-file|\{))[^"\n]*"'), "an option that takes a password in argv"),
    (re.compile(r"\boperator<<\s*\([^)]*\bSecret\b"), "a stream operator for Secret"),
    (re.compile(r"\bformatter\s*<\s*(?:plumb::)?Secret\b"), "a formatter for Secret"),
    (re.compile(r"\bto_json\s*\([^)]*\b(?:Secret|Login)\b"), "JSON of a secret"),
]
_PRINTED = re.compile(r"(?:std::c(?:out|err|log)|printf|fmt::(?:print|format)|push_back|<<)[^;]*\bpassword(?:_)?\b(?!\s*\.\s*empty|_file|\w)")


def violations(root):
    found = []
    for path in tree.files(root, tree.PRODUCT, (".hpp", ".cpp")):
        text, bare = tree.read(root, path), tree.code(tree.read(root, path))
        # Patterns over literals run on the text, but only where the code is code.
        spoken = re.sub(r"//[^\n]*", lambda m: m.group() if bare[m.start()] != " " else " " * len(m.group()), text)
        for pattern, complaint in RULES:
            found += [f"{path}:{tree.line_of(spoken, m.start())}: {complaint}" for m in pattern.finditer(spoken)]
        if not REVEAL.match(path):
            found += [f"{path}:{tree.line_of(bare, m.start())}: reveal() outside the login"
                      for m in re.finditer(r"[.>]\s*reveal\s*\(", bare)]
        found += [f"{path}:{tree.line_of(bare, m.start())}: prints a password" for m in _PRINTED.finditer(bare)]
    return found


CLEAN = {
    "src/cli.cpp": '// getenv("MYSQL_PWD") is never asked\nauto a = getenv("NO_COLOR");\napp.add_option("--password-file", f);\n'
                   'fmt::print("{}", password_file);\nif (password.empty()) f("the password was refused");\n',
    "checks/mysql/auth.cpp": "scramble(login.password.reveal());\n",
}
PLANTED = [
    ("environment", {"src/x.cpp": 'auto p = std::getenv("MYSQL_PWD");\n'}, "a secret from the environment"),
    ("argv", {"src/x.cpp": 'app.add_option("--password", p);\n'}, "takes a password in argv"),
    ("argv with a short form", {"src/x.cpp": 'app.add_option("-p,--password", p);\n'}, "takes a password in argv"),
    ("stream", {"src/x.hpp": "std::ostream& operator<<(std::ostream& o, const Secret& s);\n"}, "a stream operator"),
    ("formatter", {"src/x.hpp": "template <> struct fmt::formatter<plumb::Secret> {};\n"}, "a formatter"),
    ("reveal in an output", {"src/output/x.cpp": "f(login.password.reveal());\n"}, "reveal() outside"),
    ("reveal in net", {"probe/net/stream.cpp": "f(login->reveal ());\n"}, "reveal() outside"),
    ("printed", {"src/x.cpp": 'std::cerr << "x" << password;\n'}, "prints a password"),
]

if __name__ == "__main__":
    tree.main(__name__)
