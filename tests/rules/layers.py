"""Forbidden edges: a room includes only what the arrows of the house allow (CONTRIBUTING.md, "Rooms").

Also: who may touch sockets, OpenSSL, asio, files, the terminal, and where coroutines may be written.
The link of one static library per room catches calls; this catches headers and templates.
"""

import re

import tree

# Room: the rooms it may include. The longest prefix names a file's room.
ROOMS = {
    "probe/model": {"probe/model"},
    "probe/wire": {"probe/model", "probe/wire"},
    "probe/net": {"probe/model", "probe/wire", "probe/net"},
    "probe/engine": {"probe/model", "probe/wire", "probe/net", "probe/engine"},
    "probe/diagnose": {"probe/model", "probe/diagnose"},
    "checks": {"probe/model", "probe/wire", "checks"},
    "src": {"probe/model", "probe/wire", "probe/net", "probe/engine", "probe/diagnose", "checks", "src"},
}

# What an #include <…> begins with: the files that may have it.
LIBRARIES = [
    (r"boost/asio", r"probe/net/asio\.(hpp|cpp)"),
    (r"boost/", r"probe/net/|src/"),
    (r"ares", r"probe/net/"),
    (r"openssl/", r"probe/wire/(tls_\w+|certificate\w*|trust\w*)\.(hpp|cpp)|probe/net/|checks/mysql/auth\w*\.(hpp|cpp)"),
    (r"arpa/inet\.h", r"probe/net/|probe/model/address\.cpp"),
    (r"sys/ioctl\.h", r"probe/net/|src/deliver\.cpp"),  # the terminal's width
    (r"(sys/(socket|un|epoll|select|poll)|poll|netdb|ifaddrs|resolv)\.h|(netinet|net|linux|netpacket)/", r"probe/net/"),
    (r"nlohmann/", r"src/|probe/wire/metadata_answer\.cpp"),  # Azure's metadata is one JSON document
    (r"mysql_driver\.h|cppconn/", r"probe/net/session_client\.cpp"),
    (r"CLI/|yaml-cpp/|mysql|cppconn|sqlite3", r"src/"),
    (r"fmt/", r"src/|checks/|probe/diagnose/"),
    (r"filesystem", r"src/|probe/net/|probe/wire/trust\.cpp"),  # trust: the system's store is a folder
    (r"fstream|sys/(stat|file|mman)\.h|fcntl\.h|unistd\.h", r"src/|probe/net/"),
    (r"iostream|print>|syncstream", r"src/"),
]

COROUTINES = re.compile(r"probe/net/(stream|asio_network|scripted_network|event|address_slots|places|tcp_connect|tcp_socket|path_trace|metadata)\.cpp|"
                        r"probe/engine/(runner|resolve|route|password_gate|account_turn|drop_allowance|memory|followups|experiment_run)\.cpp|src/(spawn|run)\w*\.cpp")
WORDS = [
    (re.compile(r"\bco_(await|return|yield)\b"), COROUTINES, "a coroutine here (GCC 12: few files, known ones)"),
    (re.compile(r"\bstd::(cout|cerr|clog)\b|\b(?:std::)?(?:printf|fprintf|vprintf|puts|fputs|putchar|perror)\s*\("
                r"|\bfmt::print\b|\bstd::print(?:ln)?\b"), re.compile(r"src/"), "printing outside src"),
    (re.compile(r"\b(?:std::)?(?:exit|_exit|abort|quick_exit|terminate)\s*\("), re.compile(r"src/"), "ending the program outside src"),
    (re.compile(r"(?<![\w:.>])::(?:socket|connect|sendto|recvfrom|recvmsg|sendmsg|getaddrinfo|getsockopt|setsockopt)\s*\("),
     re.compile(r"probe/net/"), "a socket call outside probe/net"),
]

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)


def room_of(path):
    return next((room for room in sorted(ROOMS, key=len, reverse=True) if path.startswith(room + "/")), None)


def _edges(path, text):
    room = room_of(path)
    for match in _INCLUDE.finditer(text):
        where = f"{path}:{tree.line_of(text, match.start(match.lastindex))}"
        quoted, system = match.groups()
        if quoted:
            target = room_of(quoted)
            if target is None and not quoted.endswith(".inc"):  # made by the build (cmake/)
                yield f'{where}: include "{quoted}" does not name a room from the root'
            elif target and target not in ROOMS[room]:
                yield f"{where}: {room} must not include {target} ({quoted})"
            continue
        for begins, allowed in LIBRARIES:
            if re.match(begins, system + ">"):
                if not re.match(allowed, path):
                    yield f"{where}: <{system}> is not for {room}"
                break


def violations(root):
    found = []
    for path in tree.files(root, tree.PRODUCT, (".hpp", ".cpp")):
        text = tree.read(root, path)
        if room_of(path) is None:
            found.append(f"{path}: in no room")
            continue
        found += _edges(path, text)
        bare = tree.code(text)
        for pattern, allowed, complaint in WORDS:
            if not allowed.match(path):
                found += [f"{path}:{tree.line_of(bare, m.start())}: {complaint}: {m.group().strip()}" for m in pattern.finditer(bare)]
    return found


CLEAN = {
    "probe/model/address.cpp": "#include <arpa/inet.h>\n#include <vector>\n",
    "probe/wire/tls_engine.cpp": '#include <openssl/ssl.h>\n#include "probe/model/fact.hpp"\n// printf("x") is only talk\n',
    "probe/net/asio.hpp": "#include <utility>\n#include <boost/asio/post.hpp>\n",
    "probe/net/stream.cpp": '#include "probe/net/asio.hpp"\nvoid f() { co_return; }\n',
    "checks/mysql/auth.cpp": '#include <openssl/sha.h>\n#include "probe/wire/bytes.hpp"\nauto s = "co_await";\n',
    "src/main.cpp": '#include <iostream>\n#include "probe/engine/runner.hpp"\n#include "checks/registry.hpp"\n',
}
PLANTED = [
    ("model includes wire", {"probe/model/x.hpp": '#include "probe/wire/bytes.hpp"\n'}, "probe/model must not include probe/wire"),
    ("wire includes net", {"probe/wire/x.hpp": '#include "probe/net/network.hpp"\n'}, "probe/wire must not include probe/net"),
    ("net includes engine", {"probe/net/x.hpp": '#include "probe/engine/plan.hpp"\n'}, "must not include probe/engine"),
    ("engine includes diagnose", {"probe/engine/x.hpp": '#include "probe/diagnose/diagnose.hpp"\n'}, "must not include probe/diagnose"),
    ("engine includes checks", {"probe/engine/x.hpp": '#include "checks/registry.hpp"\n'}, "must not include checks"),
    ("diagnose includes wire", {"probe/diagnose/x.cpp": '#include "probe/wire/check.hpp"\n'}, "must not include probe/wire"),
    ("checks include net", {"checks/tcp/x.cpp": '#include "probe/net/network.hpp"\n'}, "checks must not include probe/net"),
    ("checks include src", {"checks/tcp/x.cpp": '#  include "src/cli.hpp"\n'}, "checks must not include src"),
    ("relative include", {"checks/tcp/x.cpp": '#include "facts.hpp"\n'}, "does not name a room"),
    ("direct asio", {"probe/net/x.cpp": "#include <boost/asio.hpp>\n"}, "<boost/asio.hpp> is not for probe/net"),
    ("asio in src", {"src/x.cpp": "#include <boost/asio/post.hpp>\n"}, "<boost/asio/post.hpp> is not for src"),
    ("c-ares in engine", {"probe/engine/x.cpp": "#include <ares.h>\n"}, "<ares.h> is not for"),
    ("sockets in src", {"src/x.cpp": "#include <sys/socket.h>\n"}, "<sys/socket.h> is not for src"),
    ("inet in another model file", {"probe/model/x.cpp": "#include <arpa/inet.h>\n"}, "<arpa/inet.h> is not for"),
    ("openssl in a check", {"checks/tls/x.cpp": "#include <openssl/ssl.h>\n"}, "<openssl/ssl.h> is not for"),
    ("files in a check", {"checks/tls/x.cpp": "#include <fstream>\n"}, "<fstream> is not for"),
    ("json in the model", {"probe/model/x.cpp": "#include <nlohmann/json.hpp>\n"}, "is not for probe/model"),
    ("coroutine in a check", {"checks/tls/x.cpp": "auto f() { co_return; }\n"}, "a coroutine here"),
    ("coroutine in another engine file", {"probe/engine/plan.cpp": "x = co_await y;\n"}, "a coroutine here"),
    ("printing in engine", {"probe/engine/x.cpp": "void f() { std::cerr << 1; }\n"}, "printing outside src"),
    ("printf in wire", {"probe/wire/x.cpp": 'void f() { printf("x"); }\n'}, "printing outside src"),
    ("exit in net", {"probe/net/x.cpp": "void f() { std::exit(1); }\n"}, "ending the program"),
    ("socket call in checks", {"checks/tcp/x.cpp": "int f() { return ::socket(1, 2, 3); }\n"}, "a socket call"),
    ("file in no room", {"probe/x.hpp": ""}, "in no room"),
]

if __name__ == "__main__":
    tree.main(__name__)
