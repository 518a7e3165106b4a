"""The shipped JSON Schema, applied by a validator that is not ours (Debian's python3-jsonschema)."""

import functools
import glob
import json

import jsonschema

from lab import ROOT


@functools.lru_cache
def _validator():
    path = f"{ROOT}/docs/schema/plumb.report-1.json"
    candidates = sorted(glob.glob(f"{ROOT}/docs/schema/*report*.json"))
    with open(candidates[0] if candidates else path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def validate(report):
    errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in _validator().iter_errors(report)]
    if errors:
        raise AssertionError("not plumb.report/1:\n" + "\n".join(errors[:10]))
