"""The pipelines of pipelines/panes.ts."""

import apache_beam as beam
from apache_beam.transforms.trigger import AfterCount, AfterWatermark, Repeatedly
from apache_beam.transforms.window import FixedWindows, Sessions, SlidingWindows, TimestampCombiner

from .common import case, in_order, kv
from .event_time import TIMINGS, Pairs, Shown, millis
from .test_streams import ACCUMULATING, DISCARDING, panes, play

EARLY = AfterWatermark(early=AfterCount(2))
AGAIN = Repeatedly(AfterCount(3))


def told(value, pane):
    return {
        "value": value,
        "timing": TIMINGS[pane.timing],
        "index": pane.index,
        "onTimeIndex": pane.nonspeculative_index,
        "isFirst": pane.is_first,
        "isLast": pane.is_last,
    }


class Told(beam.DoFn):
    def process(self, value, pane=beam.DoFn.PaneInfoParam):
        yield told(value, pane)


def groups(p, inputs):
    windowing = beam.WindowInto(FixedWindows(10), trigger=EARLY, accumulation_mode=DISCARDING)
    return play(p, inputs, "late") | windowing | Pairs() | beam.GroupByKey()


@case("panes: what a function asks for", is_stream=True)
def _(p, inputs, files):
    return {
        "out": groups(p, inputs)
        | beam.MapTuple(
            lambda key, values, w=beam.DoFn.WindowParam, t=beam.DoFn.TimestampParam, pane=beam.DoFn.PaneInfoParam: {
                **told(kv(key, in_order(values)), pane),
                "start": millis(w.start),
                "before": millis(w.end) - millis(t),
            }
        )
    }


@case("panes: through flatMap, filter and a DoFn", is_stream=True)
def _(p, inputs, files):
    return {
        "out": groups(p, inputs)
        | beam.FlatMapTuple(lambda key, values: [kv(key, value) for value in in_order(values)])
        | beam.Filter(lambda pair: pair["value"] != 2)
        | beam.ParDo(Told())
    }


@case("panes: none where nothing is grouped", is_stream=True)
def _(p, inputs, files):
    return {"out": play(p, inputs, "late") | beam.WindowInto(FixedWindows(10)) | beam.ParDo(Told())}


for name, combiner in [
    ("the earliest timestamp", TimestampCombiner.OUTPUT_AT_EARLIEST),
    ("the latest timestamp", TimestampCombiner.OUTPUT_AT_LATEST),
]:
    for how, mode in [("discarding", DISCARDING), ("accumulating", ACCUMULATING)]:
        panes(f"panes: at {name}, {how}", "counts", FixedWindows(100), AGAIN, mode, combiner=combiner)

panes(
    "panes: late ones at the window's end, not at the earliest timestamp",
    "late",
    FixedWindows(10),
    AfterWatermark(late=AfterCount(1)),
    DISCARDING,
    lateness=100,
    combiner=TimestampCombiner.OUTPUT_AT_EARLIEST,
)

panes("lateness: to its last millisecond", "limit", FixedWindows(10), lateness=20)
panes("lateness: without a trigger", "late", FixedWindows(10), lateness=100)
panes("lateness: of each of an element's windows", "late", SlidingWindows(10, 5), lateness=16)
panes("lateness: of sessions", "late", Sessions(10), lateness=100)
