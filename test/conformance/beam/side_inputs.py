"""The pipelines of pipelines/side-inputs.ts."""

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.transforms.window import FixedWindows, SlidingWindows

from .common import case, in_order, kv
from .event_time import Events, Shown

NUMBERS = [1, 2, 3, 4, 5]
PAIRS = [kv("a", 1), kv("b", 2), kv("ü", 3), kv("b", 4)]


def numbers(p, name="Numbers"):
    return p | name >> beam.Create(NUMBERS)


def pairs(p):
    return p | "Pairs" >> beam.Create(PAIRS)


def tuples(elements, name="Tuples"):
    return elements | name >> beam.Map(lambda e: (e["key"], e["value"]))


def total(elements, name="Sum"):
    return elements | name >> beam.CombineGlobally(sum)


@case("side inputs: a singleton")
def _(p, inputs, files):
    side = pvalue.AsSingleton(total(numbers(p)))
    return {"out": pairs(p) | beam.Map(lambda e, t: {"key": e["key"], "share": e["value"] / t}, side)}


@case("side inputs: a singleton that is not there has a default")
def _(p, inputs, files):
    none = numbers(p) | beam.Filter(lambda n: n > 9)
    return {"out": numbers(p, "Main") | beam.Map(lambda n, side: n + side, pvalue.AsSingleton(none, 100))}


@case("side inputs: a list, sorted")
def _(p, inputs, files):
    return {"out": numbers(p) | beam.Map(lambda n, every: [n, in_order(every)], pvalue.AsList(pairs(p)))}


@case("side inputs: an iterable, gone through twice")
def _(p, inputs, files):
    def keys(n, every):
        for _ in range(2):
            for e in every:
                yield f"{e['key']}{n}"

    return {"out": numbers(p) | beam.FlatMap(keys, pvalue.AsIter(pairs(p)))}


@case("side inputs: a map")
def _(p, inputs, files):
    values = tuples(pairs(p) | beam.Filter(lambda e: e["value"] != 4))
    main = p | beam.Create(["a", "ü", "nowhere"])
    return {"out": main | beam.Map(lambda k, d: [k, d.get(k), len(d)], pvalue.AsDict(values))}


@case("side inputs: a multimap")
def _(p, inputs, files):
    main = p | beam.Create(["a", "b", "nowhere"])
    return {"out": main | beam.Map(lambda k, d: [k, in_order(d[k])], pvalue.AsMultiMap(tuples(pairs(p))))}


@case("side inputs: several of one step, and of a filter")
def _(p, inputs, files):
    least = numbers(p, "A") | "Min" >> beam.CombineGlobally(min)
    most = numbers(p, "B") | "Max" >> beam.CombineGlobally(max)
    return {
        "out": numbers(p)
        | beam.Filter(lambda n, low, high: low < n < high, pvalue.AsSingleton(least), pvalue.AsSingleton(most))
    }


@case("side inputs: made of the main input")
def _(p, inputs, files):
    every = numbers(p)
    return {"out": every | beam.Map(lambda n, t: n / t, pvalue.AsSingleton(total(every)))}


@case("side inputs: of a DoFn with two outputs, behind a grouping")
def _(p, inputs, files):
    def sort(n, limit):
        yield pvalue.TaggedOutput("large", n) if n > limit else n

    limit = total(numbers(p)) | "Fifth" >> beam.Map(lambda n: n / 5)
    sums = tuples(pairs(p)) | beam.CombinePerKey(sum) | beam.Values()
    outputs = sums | beam.ParDo(sort, pvalue.AsSingleton(limit)).with_outputs("large", main="main")
    return {"main": outputs.main, "large": outputs.large}


@case("side inputs: one that needs another")
def _(p, inputs, files):
    shares = numbers(p, "B") | "Share" >> beam.Map(lambda n, t: n / t, pvalue.AsSingleton(total(numbers(p))))
    return {"out": pairs(p) | beam.Map(lambda e, s: [e["key"], in_order(s)], pvalue.AsList(shares))}


def windowed(elements, seconds):
    return elements | f"Fixed {seconds}" >> beam.WindowInto(FixedWindows(seconds))


@case("side inputs: the same windows")
def _(p, inputs, files):
    every = windowed(p | Events(inputs["events"]), 60)
    seen = every | beam.Map(lambda e, a: [e["key"], e["value"], in_order(a)], pvalue.AsList(every))
    return {"out": seen | Shown()}


def sum_of_window(main, sums):
    seen = main | "Look" >> beam.Map(lambda e, d: [e["key"], e["value"], d.get(e["key"])], pvalue.AsDict(sums))
    return {"out": seen | Shown()}


@case("side inputs: larger windows than the main input")
def _(p, inputs, files):
    every = p | Events(inputs["events"])
    return sum_of_window(windowed(every, 60), tuples(windowed(every, 120)) | beam.CombinePerKey(sum))


@case("side inputs: of the global window, for windows")
def _(p, inputs, files):
    side = pvalue.AsSingleton(total(numbers(p)))
    products = windowed(p | Events(inputs["events"]), 60) | beam.Map(lambda e, t: (e["key"], e["value"] * t), side)
    sums = products | beam.CombinePerKey(sum) | "Pair" >> beam.MapTuple(kv)
    return {"out": sums | Shown()}


@case("side inputs: of sliding windows")
def _(p, inputs, files):
    every = p | Events(inputs["events"])
    sums = tuples(every | "Sliding" >> beam.WindowInto(SlidingWindows(120, 60))) | beam.CombinePerKey(sum)
    return sum_of_window(windowed(every, 60), sums)
