#!/usr/bin/env python3
"""Random templates over the variables of make_cases.py, of which most are valid.

Usage: ../Reference/make_cases.py --fuzz SEED COUNT OUT.jsonl, then the tests with ARCHGEN_TEMPLATE_CASES=OUT.jsonl.
The process's memory and time are bounded by what the grammar can make: no large repetitions.
"""
import random

NAMES = ["s", "u", "e", "ws", "q", "h", "lines", "n", "z", "neg", "f", "half", "t", "no", "none", "l", "ls", "mixed", "nested", "empty", "d", "ed", "m",
         "deep", "digits", "nothing", "x", "y", "i", "v"]
LITERALS = ["1", "0", "-2", "2.5", "'a'", "'Hello'", "''", "'é🦙'", "true", "none", "[1, 2]", "['b', 'a']", "{'a': 1}", "(1, 2)", "[]", "' x '", "'a,b,c'", "3"]
FILTERS = ["upper", "lower", "title", "capitalize", "trim", "length", "list", "first", "last", "join", "join(', ')", "sort", "unique|list", "reverse|list",
           "string", "int", "float", "abs", "round", "round(1)", "tojson", "tojson(indent=2)", "default('D')", "default('D', true)", "replace('a', 'b')",
           "map('string')|list", "map('upper')|join('-')", "select|list", "reject|list", "select('string')|list", "selectattr('role')|list",
           "map(attribute='role')|list", "items|list", "dictsort", "sum", "min", "max", "indent", "indent(2, true)", "e", "safe", "wordcount", "center(9)",
           "truncate(5, leeway=0)", "batch(2)|list", "slice(2)|list", "sort(reverse=true)", "groupby('role')|list", "urlencode", "striptags",
           "map('length')|list", "map('default', 'q')|list", "rejectattr('n', 'gt', 1)|list", "trim('a')", "wordwrap(6)", "filesizeformat", "count"]
TESTS = ["defined", "undefined", "none", "string", "number", "mapping", "iterable", "sequence", "boolean", "true", "false", "odd", "even", "integer", "float",
         "lower", "upper", "eq 1", "in [1, 2]", "divisibleby 2", "gt 1", "callable", "sameas none"]
METHODS = ["upper()", "lower()", "strip()", "lstrip()", "rstrip()", "split()", "split(',')", "split('l', 1)", "rsplit(' ', 1)", "title()", "capitalize()",
           "replace('l', 'L')", "startswith('H')", "endswith('d')", "find('l')", "count('a')", "keys()|list", "values()|list", "items()|list", "get('a')",
           "get('x', 1)", "splitlines()", "isdigit()", "isalpha()", "join(['1', '2'])", "strip('aH')", "partition(' ')", "swapcase()", "zfill(7)",
           "center(8, '*')", "index('l')", "rfind('o')", "format(1, 2)", "islower()", "istitle()", "append(1)", "pop()", "removeprefix('H')"]
ATTRIBUTES = ["a", "role", "x", "items", "y", "nope", "content", "z"]
BINARY = ["+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", ">", "<=", ">=", "in", "not in", "and", "or"]
TEXTS = ["\n", "a", "  ", " text\n", "\n  ", "x ", "<b>", "{", "é"]


class Writer:
    def __init__(self, rng):
        self.rng = rng

    def expression(self, depth):
        r = self.rng
        if depth <= 0 or r.random() < 0.15:
            return r.choice(NAMES) if r.random() < 0.7 else r.choice(LITERALS)
        inner = lambda: self.expression(depth - 1)
        kind = r.randrange(12)
        if kind <= 2:
            return f"{self.operand(depth)}|{r.choice(FILTERS)}"
        if kind == 3:
            return f"({inner()} {r.choice(BINARY)} {inner()})"
        if kind == 4:
            return f"{self.operand(depth)}.{r.choice(METHODS)}"
        if kind == 5:
            return f"{self.operand(depth)}.{r.choice(ATTRIBUTES)}"
        if kind == 6:
            return f"{self.operand(depth)}[{r.choice(['0', '-1', '1', ':2', '1:', '::-1', '-2:', repr('a'), repr('role'), '5', '::2', ':-1'])}]"
        if kind == 7:
            return f"({inner()} if {inner()} else {inner()})" if r.random() < 0.8 else f"({inner()} if {inner()})"
        if kind == 8:
            return f"({self.operand(depth)} is {r.choice(['', 'not '])}{r.choice(TESTS)})"
        if kind == 9:
            return f"(not {inner()})" if r.random() < 0.7 else f"(-{inner()})"
        if kind == 10:
            return f"[{inner()}, {inner()}]" if r.random() < 0.5 else f"{{'k': {inner()}, 'a': {inner()}}}"
        return f"'%s-%s' % ({inner()}, {inner()})" if r.random() < 0.3 else f"mac({inner()})" if r.random() < 0.5 else f"range({r.randrange(5)})"

    def operand(self, depth):
        text = self.expression(depth - 1)
        return text if text.isidentifier() else f"({text})"

    def sign(self):
        return self.rng.choice(["", "", "", "-", "+"])

    def tag(self, text):
        return "{%" + self.sign() + " " + text + " " + self.sign() + "%}"

    def body(self, depth):
        return "".join(self.statement(depth) for _ in range(self.rng.randrange(1, 4)))

    def statement(self, depth):
        r = self.rng
        kind = r.randrange(14)
        if depth <= 0 or kind < 4:
            return r.choice(TEXTS)
        if kind < 8:
            return "{{" + r.choice(["", "-"]) + " " + self.expression(3) + " " + r.choice(["", "-"]) + "}}"
        if kind == 8:
            text = self.tag(f"if {self.expression(2)}") + self.body(depth - 1)
            if r.random() < 0.4:
                text += self.tag(f"elif {self.expression(2)}") + self.body(depth - 1)
            if r.random() < 0.5:
                text += self.tag("else") + self.body(depth - 1)
            return text + self.tag("endif")
        if kind in (9, 10):
            target = r.choice(["x", "i", "v", "x, y"])
            condition = f" if {self.expression(1)}" if r.random() < 0.3 else ""
            body = self.body(depth - 1)
            if r.random() < 0.3:
                body += "{{ loop." + r.choice(["index", "index0", "first", "last", "length", "revindex", "previtem", "nextitem", "depth"]) + " }}"
            if r.random() < 0.15:
                body += self.tag(f"if {self.expression(1)}") + self.tag(r.choice(["break", "continue"])) + self.tag("endif")
            otherwise = self.tag("else") + self.body(depth - 1) if r.random() < 0.25 else ""
            return self.tag(f"for {target} in {self.expression(2)}{condition}") + body + otherwise + self.tag("endfor")
        if kind == 11:
            return self.tag(f"set {r.choice(['x', 'y', 'v', 'n', 's', 'ns.a', 'x, y'])} = {self.expression(2)}")
        if kind == 12:
            name = r.choice(["x", "v"])
            return self.tag(f"set {name}") + self.body(depth - 1) + self.tag("endset") + "{{ " + name + " }}"
        return r.choice([
            self.tag(f"filter {r.choice(['upper', 'trim', 'indent', 'title'])}") + self.body(depth - 1) + self.tag("endfilter"),
            self.tag(f"with x = {self.expression(1)}") + self.body(depth - 1) + self.tag("endwith"),
            "{#" + self.sign() + " c " + self.sign() + "#}",
            self.tag("macro mac(v, w=n)") + self.body(depth - 1) + self.tag("endmacro"),
            self.tag("call mac(1)") + self.body(depth - 1) + self.tag("endcall"),
            self.tag("generation") + self.body(depth - 1) + self.tag("endgeneration"),
        ])


def templates(seed, count):
    rng = random.Random(seed)
    writer = Writer(rng)
    for _ in range(count):
        head = "{% macro mac(v) %}[{{ v }}]{% endmacro %}{% set ns = namespace(a=1) %}" if rng.random() < 0.8 else ""
        yield head + "".join(writer.statement(3) for _ in range(rng.randrange(1, 6)))
