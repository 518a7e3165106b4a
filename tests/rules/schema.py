"""docs/schema says what the program says: every fact with its unit, every cause of a row, and all JSON is valid.

`schema.py ROOT` checks the schemas, the golden files and the declared facts; PLUMB_UPDATE_GOLDEN=1 rewrites the
list of facts in plumb.report-1 from the headers. `schema.py ROOT FILE...` validates FILEs too (a program's output).
"""

import glob
import json
import os
import re
import sys

import jsonschema

_KEY = re.compile(
    r"inline\s+constexpr\s+(?:plumb::)?(?:key::)?(Text|Texts|Number|Real|Flag|Rows|Key<[^{}]*>)\s+(\w+)\s*\{\s*"
    r"\"([^\"]+)\"\s*,\s*\"([^\"]*)\"\s*,\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)\}", re.S)
_TYPES = {
    "Text": {"type": "string"}, "Texts": {"type": "array", "items": {"type": "string"}},
    "Number": {"type": "integer"}, "Real": {"type": "number"}, "Flag": {"type": "boolean"},
    "Rows": {"type": "array", "items": {"$ref": "#/$defs/certificate"}},
    "Key<std::string>": {"type": "string"}, "Key<std::int64_t>": {"type": "integer"}, "Key<double>": {"type": "number"},
    "Key<bool>": {"type": "boolean"}, "Key<std::vector<std::string>>": {"type": "array", "items": {"type": "string"}},
}


def declared(root):
    """(facts of observations, members of a certificate) as JSON Schema properties."""
    facts, certificate = {}, {}
    headers = glob.glob(os.path.join(root, "probe/model/keys.hpp")) + sorted(
        glob.glob(os.path.join(root, "checks/**/*.hpp"), recursive=True))
    for path in headers:
        with open(path, encoding="utf-8") as file:
            for kind, variable, name, unit, what in _KEY.findall(file.read()):
                text = "".join(re.findall(r"\"((?:[^\"\\]|\\.)*)\"", what))
                described = {**_TYPES[kind], "description": f"[{unit}] {text}" if unit else text}
                (certificate if variable.startswith("cert_") else facts)[name] = described
    return facts, certificate


def load(root):
    out = {}
    for path in sorted(glob.glob(os.path.join(root, "docs/schema/*.schema.json"))):
        with open(path, encoding="utf-8") as file:
            out[os.path.basename(path)[:-len(".schema.json")]] = json.load(file)
    return out


def update(root, report):
    facts, certificate = declared(root)
    report["$defs"]["facts"]["properties"] = facts
    report["$defs"]["certificate"]["properties"] = certificate
    with open(os.path.join(root, "docs/schema/plumb.report-1.schema.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


def documents(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def faults(schemas, document):
    name = str(document.get("schema")).replace("/", "-")
    if name not in schemas:
        return [f"no schema for {document.get('schema')}"]
    store = {schema["$id"]: schema for schema in schemas.values()}
    resolver = jsonschema.RefResolver(schemas[name]["$id"], schemas[name], store=store)
    validator = jsonschema.Draft202012Validator(schemas[name], resolver=resolver)
    return [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(document)]


def consistency(root, schemas):
    """What jsonschema cannot say: references between the parts of one report."""
    facts, certificate = declared(root)
    known = schemas["plumb.report-1"]["$defs"]
    if len(facts) < 60:
        yield f"only {len(facts)} facts found in the headers: the expression that finds them is out of date"
    for what, listed in ((facts, known["facts"]["properties"]), (certificate, known["certificate"]["properties"])):
        for name in sorted(what.keys() | listed.keys()):
            if what.get(name) != listed.get(name):
                yield f"fact {name}: header {what.get(name)}, schema {listed.get(name)}; PLUMB_UPDATE_GOLDEN=1 rewrites"
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def contract(document):
    if document.get("schema") != "plumb.report/1":
        return
    numbers = {row["n"] for row in document["evidence"]}
    for finding in document["findings"]:
        if not set(finding["evidence"]) <= numbers:
            yield f"{finding['id']}: evidence that does not exist"
        if finding["confidence"] != "certain" and not finding.get("decide_by"):
            yield f"{finding['id']}: not certain, and nothing decides"
        if finding["severity"] != "info" and not any(step["text"] for step in finding["remedy"]):
            yield f"{finding['id']}: no remedy"
    if document.get("cause") and document["cause"] != document["findings"][0]["id"]:
        yield "cause is not the first finding"


def main(root, extra):
    schemas = load(root)
    if os.environ.get("PLUMB_UPDATE_GOLDEN"):
        update(root, schemas["plumb.report-1"])
        schemas = load(root)
    found = list(consistency(root, schemas))
    golden = [p for form in ("json", "jsonl", "evidence") for p in sorted(glob.glob(f"{root}/tests/golden/*.{form}"))]
    if len(golden) < 16:
        found.append(f"only {len(golden)} golden JSON files")
    for path in golden + extra:
        for document in documents(path):
            found += [f"{path}: {fault}" for fault in [*faults(schemas, document), *contract(document)]]
    print("\n".join(found) if found else f"{len(golden) + len(extra)} files valid")
    return 1 if found else 0


def self_test(root):
    """Each planted fault must be found in an otherwise valid report."""
    schemas = load(root)
    with open(os.path.join(root, "tests/golden/silent-syn.json"), encoding="utf-8") as file:
        good = file.read()
    planted = [
        ('"failed"', '"broken"'), ('"took_ms": 7000.412', '"took_ms": "7 s"'), ('"cause": "tcp-endpoint-sg-blocks-port",', ""),
        ('"cause": "tcp-endpoint-sg-blocks-port"', '"cause": "improvised"'), ('"failure": "timed_out"', '"failure": "slow"'),
        ('"tcp.syn_retransmits": 2', '"tcp.syn_retransmits": "2"'), ('"dns.ttl_s"', '"dns.ttl"'), ('"schema"', '"extra": 1, "schema"'),
        ('"port": 4000', '"port": null'), ('"owner": "network"', '"owner": "nobody"'), ('"2026-11-21T', '"21.11.2026 '),
    ]
    missed = [f"not found: {new}" for old, new in planted
              if old not in good or not faults(schemas, json.loads(good.replace(old, new)))]
    print("\n".join(missed) if missed else f"{len(planted)} planted faults found")
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1] == "--self-test":
        sys.exit(self_test(sys.argv[2]))
    sys.exit(main(sys.argv[1], sys.argv[2:]))
