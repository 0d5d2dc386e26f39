#!/usr/bin/env python3
"""Writes Data/cases.jsonl: small templates and what Jinja2 renders for them, with the environment of transformers.

Usage: make_cases.py OUT.jsonl                 the cases of cases.txt
       make_cases.py --fuzz SEED COUNT OUT     random templates (see fuzz.py)
A line is {"template": ..., "variables": {...}} with "ok" (the text) or "error" ("TypeError: ...").
"""
import copy
import datetime
import json
import os
import sys
import warnings

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

warnings.simplefilter("ignore", SyntaxWarning)

NOW = datetime.datetime(2026, 3, 14, 15, 9, 26)

VARIABLES = {
    "s": "Hello World", "u": "Grüße 🦙 ß ǆ İstanbul ΑΣ", "e": "", "ws": " \t a b \n c\u00a0\u2003", "q": "it's \"q\" \\ \n\t\x01\u00ad\u200b",
    "h": "<a href='x'>T&amp;C</a> \"q\"", "lines": "one\ntwo\r\nthree\n\nfive\n", "n": 7, "z": 0, "neg": -3, "big": 123456789012345678901234567890,
    "f": 2.5, "g": 1e16, "tiny": 1.5e-7, "half": 0.5, "t": True, "no": False, "none": None,
    "l": [3, 1, 2], "ls": ["b", "A", "c", "a"], "mixed": [1, "a", None, True, 2.5], "nested": [[1, 2], [3, [4]]], "empty": [], "d": {"b": 1, "a": 2, "C": 3},
    "ed": {}, "m": [{"role": "user", "content": "Hi", "n": 2}, {"role": "assistant", "content": "Yo", "n": 1}, {"role": "user", "content": "Bye", "n": 3}],
    "deep": {"x": {"y": [{"z": "end"}]}, "items": "mine", "1": "one"}, "digits": "12345",
}


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def environment():
    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols", "jinja2.ext.do"])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda f: NOW.strftime(f)
    return env


ENV = environment()


def render(template, variables):
    try:
        return {"ok": ENV.from_string(template).render(**copy.deepcopy(variables))}
    except RecursionError:
        return {"error": "RecursionError: "}
    except Exception as error:  # its kind is what is compared
        return {"error": f"{type(error).__name__}: {error}"}


def read_cases(path):
    """One template a line, in Python's escapes where it begins with a quote; # begins a comment; JSON after ||| are more variables."""
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        template, _, more = line.partition(" ||| ")
        yield (eval(template) if template[0] in "'\"" else template), (json.loads(more) if more else {})


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    if sys.argv[1] == "--fuzz":
        sys.path.insert(0, os.path.join(here, "..", "Fuzz"))
        import fuzz
        cases = [(t, {}) for t in fuzz.templates(int(sys.argv[2]), int(sys.argv[3]))]
        out = sys.argv[4]
    else:
        cases, out = list(read_cases(os.path.join(here, "Data", "cases.txt"))), sys.argv[1]
    with open(out, "w", encoding="utf-8") as file:
        file.write(json.dumps({"variables": VARIABLES}) + "\n")
        for template, more in cases:
            row = {"template": template, **({"variables": more} if more else {}), **render(template, {**VARIABLES, **more})}
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
