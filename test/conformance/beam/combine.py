"""The pipelines of pipelines/combine.ts."""

import math

import apache_beam as beam

from .canonical import BigInt, length, units
from .common import CombinePerKey, case, kv


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
