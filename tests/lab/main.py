"""`./dev lab list | run SCENARIO | shell [SCENARIO] | score` and `./dev demo`."""

import contextlib
import os
import shlex
import shutil
import subprocess
import sys

import enclosure

USAGE = """usage: ./dev lab list                 the scenarios that can be switched on
       ./dev lab run SCENARIO [-o …]  plumb check under that scenario, further words go to plumb
       ./dev lab shell [SCENARIO]     a shell on the client of the lab
       ./dev lab score [-h]           every scenario and its healthy twin against plumb, as a table
       ./dev lab conformance [-h]     the same questions to MariaDB, MySQL, TiDB: the answers side by side
       ./dev demo                     four stories
       ./dev bench                    time to the first verdict and peak memory, beside a healthy server"""


def show_list():
    from scenario import all_scenarios
    for scenario in all_scenarios():
        print(f"{scenario.name:30} {scenario.story}\n{'':30}   → {scenario.outcome}, {scenario.cause}")


def bring_up(scenarios=()):
    from database import Database
    from lab import Lab
    from mysql_server import MySql
    print("bringing up the lab: client, resolver, endpoint in three zones, load balancer, MariaDB …", flush=True)
    return Lab(MySql if any(scenario.database == "mysql" for scenario in scenarios) else Database)


def typed(words, lab):
    """The command line as a user would write it."""
    short = {lab.certificates.root: "ca.pem", lab.certificates.other_root: "other-ca.pem",
             lab.password: "password.txt", lab.wrong_password: "wrong-password.txt"}
    return "plumb check " + " ".join(shlex.quote(short.get(word, word)) for word in words)


def run_fault(name, further):
    from scenario import find
    fault = find(name)
    lab = bring_up([fault])
    with lab.scenario(fault) as words:
        words += further
        print(f"scenario: {fault.story}\n\n$ {typed(words, lab)}\n", flush=True)
        code = subprocess.run(lab.client.command([*lab.prefix, plumb_path(), "check", *words])).returncode
    print(f"\nexit {code} (expected {fault.exit}, {fault.outcome}, {fault.cause})")
    return 0 if code == fault.exit else 1


def plumb_path():
    from lab import plumb_binary
    binary = plumb_binary()
    if not os.access(binary, os.X_OK):
        raise SystemExit(f"plumb is not built: {binary} is missing (./dev builds it)")
    return binary


def shell(names):
    from scenario import find
    scenarios = [find(name) for name in names]
    lab = bring_up(scenarios)
    with contextlib.ExitStack() as stack:
        for scenario in scenarios:
            typed_words = stack.enter_context(lab.scenario(scenario))
            print("$", typed(typed_words, lab))
        return shell_on(lab, names)


def shell_on(lab, names):
    from lab import STATE
    bin_directory = f"{STATE}/bin"
    os.makedirs(bin_directory, exist_ok=True)
    os.symlink(plumb_path(), f"{bin_directory}/plumb")
    shutil.copy(lab.certificates.root, f"{STATE}/client/ca.pem")
    shutil.copy(lab.certificates.other_root, f"{STATE}/client/other-ca.pem")
    print(f"""
You are on the client, 10.0.1.10, in {STATE}/client. The database is {lab.target}.
  plumb check {lab.target} --ca ca.pem
  … --user app --password-file password    (wrong-password, other-ca.pem are here too)
  dig, mariadb, ip, ss, cat /etc/resolv.conf show what the client sees
{'Switched on: ' + ', '.join(names) if names else 'No fault is switched on (./dev lab shell SCENARIO).'}
exit takes everything down.""", flush=True)
    environment = {**os.environ, "PATH": f"{bin_directory}:{os.environ['PATH']}", "PS1": "client$ ",
                   "debian_chroot": ""}
    command = lab.client.command(["sh", "-c", f"cd {STATE}/client && exec bash --norc -i"])
    return subprocess.run(command, env=environment).returncode


def main(words):
    if words[:1] == ["list"]:
        return show_list()
    if words[:1] == ["score"] and {"-h", "--help"} & set(words):
        import score
        return score.main(words[1:])
    if words[:1] == ["conformance"]:
        import conformance
        conformance.parsed(words[1:])  # --help and wrong words need no lab
    gaps = enclosure.missing()
    if gaps:
        raise SystemExit("no lab here:\n  " + "\n  ".join(gaps))
    for sentence in enclosure.left_out() if enclosure.INSIDE not in os.environ else ():
        print(sentence, flush=True)
    if words[:1] == ["score"]:
        import score
        return score.main(words[1:])
    if words[:1] == ["run"] and len(words) > 1 or words[:1] in (["shell"], ["demo"], ["bench"], ["conformance"]):
        enclosure.enter([os.path.abspath(__file__), *words])
    if words[:1] == ["run"] and len(words) > 1:
        return run_fault(words[1], words[2:])
    if words[:1] == ["conformance"]:
        return conformance.main(conformance.parsed(words[1:]))
    if words[:1] == ["shell"]:
        return shell(words[1:])
    if words[:1] == ["demo"]:
        import demo
        return demo.main(bring_up())
    if words[:1] == ["bench"]:
        import first_verdict
        return first_verdict.main(bring_up())
    raise SystemExit(USAGE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
