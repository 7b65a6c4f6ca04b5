"""The pipelines of pipelines/regrouping.ts."""

import apache_beam as beam
from apache_beam.transforms.trigger import AfterCount, AfterEach, AfterWatermark, Repeatedly
from apache_beam.transforms.window import FixedWindows, GlobalWindows, SlidingWindows

from .common import case, kv
from .event_time import Combined, Pairs, Panes
from .test_streams import ACCUMULATING, DISCARDING, play

EARLY_AND_LATE = AfterWatermark(early=AfterCount(2), late=AfterCount(1))
LATE = AfterWatermark(late=AfterCount(1))


def again(name, stream, windows, trigger, mode, lateness=0):
    """The panes of sums, grouped once more: the trigger goes on as its continuation."""

    @case(name, is_stream=True)
    def _(p, inputs, files):
        windowing = beam.WindowInto(windows, trigger=trigger, accumulation_mode=mode, allowed_lateness=lateness)
        sums = play(p, inputs, stream) | windowing | Pairs() | beam.CombinePerKey(sum)
        return {"out": sums | "KV" >> beam.MapTuple(kv) | Panes()}


again("regrouping: early and late panes, discarding", "late", FixedWindows(10), EARLY_AND_LATE, DISCARDING, 100)
again("regrouping: early and late panes, accumulating", "late", FixedWindows(10), EARLY_AND_LATE, ACCUMULATING, 100)
again("regrouping: after every count", "counts", GlobalWindows(), Repeatedly(AfterCount(3)), DISCARDING)
again(
    "regrouping: after each, one after the other",
    "counts",
    GlobalWindows(),
    AfterEach(AfterCount(2), AfterCount(1), Repeatedly(AfterCount(3))),
    ACCUMULATING,
)


def sums(p, inputs, trigger):
    windowing = beam.WindowInto(FixedWindows(10), trigger=trigger, accumulation_mode=DISCARDING, allowed_lateness=100)
    return play(p, inputs, "late") | windowing | Pairs() | beam.CombinePerKey(sum) | beam.MapTuple(kv)


@case("regrouping: panes in larger windows", is_stream=True)
def _(p, inputs, files):
    return {"out": sums(p, inputs, LATE) | "Larger" >> beam.WindowInto(FixedWindows(40), allowed_lateness=100) | Panes()}


@case("regrouping: panes in one window for all, with a trigger of its own", is_stream=True)
def _(p, inputs, files):
    windowing = beam.WindowInto(
        GlobalWindows(), trigger=Repeatedly(AfterCount(1)), accumulation_mode=ACCUMULATING
    )
    return {"out": sums(p, inputs, EARLY_AND_LATE) | "All" >> windowing | Panes()}


@case("branches: of one stream, flattened", is_stream=True)
def _(p, inputs, files):
    pairs = play(p, inputs, "late") | beam.WindowInto(FixedWindows(10))
    odd = pairs | "Odd" >> beam.Filter(lambda e: e["value"] % 2 == 1)
    even = pairs | "Even" >> beam.Filter(lambda e: e["value"] % 2 == 0)
    return {"out": (odd, even) | beam.Flatten() | Panes()}


@case("branches: windowed apart, and flattened", is_stream=True)
def _(p, inputs, files):
    pairs = play(p, inputs, "late")
    odd = pairs | "Odd" >> beam.Filter(lambda e: e["value"] % 2 == 1) | "Wo" >> beam.WindowInto(FixedWindows(10))
    even = pairs | "Even" >> beam.Filter(lambda e: e["value"] % 2 == 0) | "We" >> beam.WindowInto(FixedWindows(10))
    return {"out": (odd, even) | beam.Flatten() | Panes()}


@case("branches: each in windows of its own", is_stream=True)
def _(p, inputs, files):
    pairs = play(p, inputs, "late")
    late = beam.WindowInto(FixedWindows(10), trigger=LATE, accumulation_mode=DISCARDING, allowed_lateness=100)
    return {
        "fixed": pairs | "Fixed" >> beam.WindowInto(FixedWindows(10)) | "F" >> Combined(sum),
        "sliding": pairs | "Sliding" >> beam.WindowInto(SlidingWindows(25, 10)) | "S" >> Combined(max),
        "late": pairs | "Late" >> late | "L" >> Panes(),
    }
