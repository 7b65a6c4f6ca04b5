"""The pipelines of pipelines/errors.ts."""

import apache_beam as beam
from apache_beam.transforms.window import FixedWindows, Sessions, SlidingWindows

from .common import case, kv
from .event_time import Events, Shown

TEXTS = ["1", "x", "22", "", "ü", "-3", "4x", "1"]


def parse(text):
    if not text.lstrip("-").isdigit():
        raise ValueError(f"no number: {text}")
    return int(text)


def shown_bad(bad):
    element, (kind, _, _) = bad
    return {"element": element, "error": {"ValueError": "RangeError"}[kind.__name__]}


def good_and_bad(outputs):
    good, bad = outputs
    return {"good": good, "bad": bad | beam.Map(shown_bad)}


@case("errors: good and bad elements")
def _(p, inputs, files):
    return good_and_bad(p | beam.Create(TEXTS) | beam.Map(parse).with_exception_handling())


@case("errors: none, and of no elements")
def _(p, inputs, files):
    good, bad = p | beam.Create(["1", "2"]) | "Some" >> beam.Map(parse).with_exception_handling(threshold=0.5)
    none, none_bad = p | "None" >> beam.Create([]) | beam.Map(parse).with_exception_handling()
    return {"good": good, "bad": bad, "none": none, "noneBad": none_bad}


def digits(text):
    for character in text:
        yield parse(character)


@case("errors: generators that fail half-way")
def _(p, inputs, files):
    return good_and_bad(p | beam.Create(TEXTS) | beam.FlatMap(digits).with_exception_handling())


def route(text):
    n = parse(text)
    yield n
    if n > 9:
        yield beam.pvalue.TaggedOutput("large", {"n": n})
    if n < 0:
        raise ValueError("negative")


@case("errors: outputs by tags")
def _(p, inputs, files):
    outputs = p | beam.Create(TEXTS) | beam.FlatMap(route).with_exception_handling().with_outputs("large")
    return {"good": outputs.good, "large": outputs.large, "bad": outputs.bad | beam.Map(shown_bad)}


@case("errors: a threshold that is not passed")
def _(p, inputs, files):
    # 4 of 8: not more than a half.
    return good_and_bad(p | beam.Create(TEXTS) | beam.Map(parse).with_exception_handling(threshold=0.5))


def below(element):
    if element["value"] % 3 == 0:
        raise ValueError("a third")
    return element


@case("errors: in windows, with a threshold")
def _(p, inputs, files):
    events = p | Events(inputs["events"]) | beam.WindowInto(FixedWindows(60))
    good, bad = events | beam.Map(below).with_exception_handling(threshold=0.99)
    return {"good": good | "Good" >> Shown(), "bad": bad | beam.Map(shown_bad) | "Bad" >> Shown()}


@case("errors: in sliding windows and sessions")
def _(p, inputs, files):
    events = p | Events(inputs["events"])
    outputs = {}
    for name, window_fn in {"sliding": SlidingWindows(60, 30), "sessions": Sessions(30)}.items():
        good, bad = (
            events
            | f"Into {name}" >> beam.WindowInto(window_fn)
            | f"Below {name}" >> beam.Map(below).with_exception_handling()
        )
        counted = good | f"Key {name}" >> beam.Map(lambda e: (e["key"], 1)) | f"Sum {name}" >> beam.CombinePerKey(sum)
        outputs[name] = counted | f"KV {name}" >> beam.MapTuple(kv) | f"Shown {name}" >> Shown()
        outputs[f"{name}Bad"] = bad | f"Bad {name}" >> beam.Map(shown_bad)
    return outputs
