"""The pipelines of pipelines/map.ts."""

import math
import re

import apache_beam as beam

from .canonical import BigInt, Date, length
from .common import CountPerElement, case


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
