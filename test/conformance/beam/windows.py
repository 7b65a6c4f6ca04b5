"""The pipelines of pipelines/windows.ts."""

import apache_beam as beam
from apache_beam.transforms import combiners
from apache_beam.transforms.window import (
    FixedWindows,
    GlobalWindows,
    IntervalWindow,
    NonMergingWindowFn,
    SlidingWindows,
    TimestampCombiner,
    TimestampedValue,
)
from apache_beam.coders.coders import IntervalWindowCoder

from .common import case, in_order, kv
from .event_time import Combined, Events, Grouped, Pairs, Shown, millis, shown


def windowed(p, inputs, fn, **options):
    return p | Events(inputs["events"]) | beam.WindowInto(fn, **options)


@case("fixed windows: groups")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, FixedWindows(60)) | Grouped()}


@case("fixed windows: an offset")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, FixedWindows(60, offset=17)) | Grouped()}


@case("fixed windows: boundaries and times before the epoch")
def _(p, inputs, files):
    return {"out": p | Events(inputs["edges"]) | beam.WindowInto(FixedWindows(10)) | Grouped()}


@case("fixed windows: no elements")
def _(p, inputs, files):
    return {"out": p | Events([]) | beam.WindowInto(FixedWindows(10)) | Grouped()}


@case("fixed windows: sum, mean, count, min and max")
def _(p, inputs, files):
    pairs = windowed(p, inputs, FixedWindows(60))
    return {
        "sum": pairs | "Sum" >> Combined(sum),
        "mean": pairs | "Mean" >> Combined(combiners.MeanCombineFn()),
        "count": pairs | "Count" >> Combined(combiners.CountCombineFn()),
        "min": pairs | "Min" >> Combined(min),
        "max": pairs | "Max" >> Combined(max),
    }


@case("fixed windows: the largest two of each key")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, FixedWindows(120)) | Combined(combiners.TopCombineFn(2))}


class Range(beam.CombineFn):
    def create_accumulator(self):
        return None

    def add_input(self, held, value):
        return (value, value) if held is None else (min(held[0], value), max(held[1], value))

    def merge_accumulators(self, several):
        several = [each for each in several if each is not None]
        return (min(low for low, _ in several), max(high for _, high in several)) if several else None

    def extract_output(self, held):
        return None if held is None else held[1] - held[0]


@case("fixed windows: a CombineFn of one's own")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, FixedWindows(60)) | Combined(Range())}


@case("fixed windows: all elements of a window")
def _(p, inputs, files):
    values = windowed(p, inputs, FixedWindows(60)) | beam.Map(lambda e: e["value"])
    return {
        "sum": values | "Sum" >> beam.CombineGlobally(sum).without_defaults() | "ShownSum" >> Shown(),
        "count": values
        | "Count" >> beam.CombineGlobally(combiners.CountCombineFn()).without_defaults()
        | "ShownCount" >> Shown(),
    }


@case("fixed windows: different elements, and how often they are there")
def _(p, inputs, files):
    keys = windowed(p, inputs, FixedWindows(60)) | beam.Map(lambda e: e["key"])
    return {
        "distinct": keys | beam.Distinct() | "ShownDistinct" >> Shown(),
        "counts": keys | combiners.Count.PerElement() | beam.MapTuple(kv) | "ShownCounts" >> Shown(),
    }


@case("sliding windows: groups")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, SlidingWindows(60, 20)) | Grouped()}


@case("sliding windows: sums, with an offset")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, SlidingWindows(60, 30, offset=7)) | Combined(sum)}


@case("sliding windows: a period that the size is no multiple of")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, SlidingWindows(50, 30)) | Combined(combiners.CountCombineFn())}


@case("sliding windows: boundaries and times before the epoch")
def _(p, inputs, files):
    return {"out": p | Events(inputs["edges"]) | beam.WindowInto(SlidingWindows(10, 5)) | Grouped()}


@case("sliding windows: each window of an element by itself")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, SlidingWindows(60, 20)) | Shown()}


class ByValue(NonMergingWindowFn):
    """Even values in windows of 10 s, odd ones of 30 s."""

    def assign(self, context):
        size = 10 if context.element["value"] % 2 == 0 else 30
        start = context.timestamp - context.timestamp % size
        return [IntervalWindow(start, start + size)]

    def get_window_coder(self):
        return IntervalWindowCoder()


@case("windows of one's own: by what an element holds")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, ByValue()) | Grouped()}


@case("windows again: fixed, then sliding, then one for all")
def _(p, inputs, files):
    fixed = windowed(p, inputs, FixedWindows(60))
    sliding = fixed | "Sliding" >> beam.WindowInto(SlidingWindows(40, 20))
    everything = sliding | "Global" >> beam.WindowInto(GlobalWindows())
    return {
        "fixed": fixed | "F" >> Combined(sum),
        "sliding": sliding | "S" >> Combined(sum),
        "global": everything | "G" >> Combined(sum),
    }


@case("windows: flattened")
def _(p, inputs, files):
    early = p | "E" >> Events(inputs["edges"]) | "We" >> beam.WindowInto(FixedWindows(60))
    late = p | "L" >> Events(inputs["events"]) | "Wl" >> beam.WindowInto(FixedWindows(60))
    return {"out": (early, late) | beam.Flatten() | Combined(sum)}


@case("windows: what a function asks for")
def _(p, inputs, files):
    return {
        "map": windowed(p, inputs, FixedWindows(60))
        | beam.Map(
            lambda e, w=beam.DoFn.WindowParam, t=beam.DoFn.TimestampParam: {
                "key": e["key"],
                "late": millis(t) - millis(w.start),
            }
        ),
    }


@case("windows: through map, flatMap and filter")
def _(p, inputs, files):
    return {
        "out": windowed(p, inputs, FixedWindows(60))
        | beam.Filter(lambda e: e["value"] % 3 != 0)
        | beam.FlatMap(lambda e: [e, kv(e["key"] + "!", -e["value"])])
        | "Twice" >> beam.Map(lambda e: kv(e["key"], e["value"] * 2))
        | Grouped()
    }


@case("windows: of tagged outputs")
def _(p, inputs, files):
    parts = windowed(p, inputs, FixedWindows(60)) | beam.Map(
        lambda e: beam.pvalue.TaggedOutput("odd", e) if e["value"] % 2 else e
    ).with_outputs("odd", main="main")
    return {"main": parts.main | "M" >> Combined(sum), "odd": parts.odd | "O" >> Combined(sum)}


@case("windows: of asynchronous functions")
def _(p, inputs, files):
    return {
        "out": windowed(p, inputs, SlidingWindows(60, 30))
        | beam.Map(lambda e: kv(e["key"], e["value"] + 1))
        | Combined(sum)
    }


@case("windows: of what finishBundle emits")
def _(p, inputs, files):
    return {
        "out": windowed(p, inputs, FixedWindows(60))
        | beam.Map(lambda e, w=beam.DoFn.WindowParam: TimestampedValue(kv("all", e["value"]), w.start))
        | Combined(sum)
    }


@case("timestamps: of panes, the earliest, the latest and the window's end")
def _(p, inputs, files):
    pairs = p | Events(inputs["events"])

    def at(name, combiner):
        return (
            pairs
            | f"W{name}" >> beam.WindowInto(FixedWindows(60), timestamp_combiner=combiner)
            | f"G{name}" >> Grouped()
        )

    return {
        "earliest": at("e", TimestampCombiner.OUTPUT_AT_EARLIEST),
        "latest": at("l", TimestampCombiner.OUTPUT_AT_LATEST),
        "end": at("w", TimestampCombiner.OUTPUT_AT_EOW),
    }


@case("timestamps: of combined elements, the earliest and the latest")
def _(p, inputs, files):
    pairs = p | Events(inputs["events"])

    def at(name, combiner):
        return (
            pairs
            | f"W{name}" >> beam.WindowInto(FixedWindows(60), timestamp_combiner=combiner)
            | f"C{name}" >> Combined(sum)
        )

    return {
        "earliest": at("e", TimestampCombiner.OUTPUT_AT_EARLIEST),
        "latest": at("l", TimestampCombiner.OUTPUT_AT_LATEST),
    }


@case("timestamps: kept in the global window, and given anew")
def _(p, inputs, files):
    pairs = p | Events(inputs["events"])
    return {
        "kept": pairs | "K" >> Shown(),
        "anew": pairs
        | beam.Map(lambda e, t=beam.DoFn.TimestampParam: TimestampedValue(e, t + e["value"]))
        | "A" >> Shown(),
    }


@case("windows: two groupings, one after the other")
def _(p, inputs, files):
    per_key = windowed(p, inputs, FixedWindows(60)) | Pairs() | beam.CombinePerKey(sum)
    return {
        "out": per_key
        | beam.MapTuple(lambda key, total: kv("even" if total % 2 == 0 else "odd", kv(key, total)))
        | Grouped()
    }


@case("windows: a second grouping in larger windows")
def _(p, inputs, files):
    per_minute = windowed(p, inputs, FixedWindows(60)) | Pairs() | beam.CombinePerKey(sum)
    return {
        "out": per_minute
        | beam.MapTuple(kv)
        | "Larger" >> beam.WindowInto(FixedWindows(180))
        | Combined(max)
    }


@case("windows: of a group's own values, taken apart again")
def _(p, inputs, files):
    return {
        "out": windowed(p, inputs, FixedWindows(60))
        | Pairs()
        | beam.GroupByKey()
        | beam.FlatMapTuple(lambda key, values: [kv(key, v) for v in in_order(values)])
        | Shown()
    }
