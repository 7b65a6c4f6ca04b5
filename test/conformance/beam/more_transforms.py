"""The pipelines of pipelines/more-transforms.ts."""

import apache_beam as beam
from apache_beam.transforms.trigger import AfterCount, AfterWatermark
from apache_beam.transforms.util import ReshufflePerKey
from apache_beam.transforms.window import FixedWindows, SlidingWindows

from .common import case, in_order, kv
from .event_time import TIMINGS, Events, Grouped, Pairs, Shown
from .test_streams import DISCARDING, play

TIMES = [[-61, "a", 1], [5, "b", 2], [70, "a", 3], [12, "a", 4], [65, "b", 5], [-3, "ü", 6]]

SLIDING = SlidingWindows(60, 20)


TOLD = beam.MapTuple(
    lambda key, values, pane=beam.DoFn.PaneInfoParam: {
        "value": kv(key, in_order(values)),
        "timing": TIMINGS[pane.timing],
        "index": pane.index,
    }
)


def timed(p):
    return p | Events(TIMES)


@case("reshuffle: every kind of element")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["mixed"], reshuffle=False) | beam.Reshuffle()}


@case("reshuffle: timestamps and windows stay, also for what groups after it")
def _(p, inputs, files):
    shuffled = timed(p) | beam.WindowInto(SLIDING) | beam.Reshuffle(num_buckets=3)
    return {"out": shuffled | "Out" >> Shown(), "grouped": shuffled | Grouped()}


@case("reshuffle: of groups, twice, and beside what it took")
def _(p, inputs, files):
    groups = (
        timed(p)
        | Pairs()
        | beam.GroupByKey()
        | beam.MapTuple(lambda key, values: kv(key, in_order(values)))
    )
    once = groups | beam.Reshuffle()
    twice = once | "Again" >> beam.Reshuffle()
    return {"out": (groups, once, twice) | beam.Flatten(), "twice": twice}


@case("reshuffle: panes stay", is_stream=True)
def _(p, inputs, files):
    windowing = beam.WindowInto(
        FixedWindows(10), trigger=AfterWatermark(early=AfterCount(2)), accumulation_mode=DISCARDING
    )
    groups = play(p, inputs, "late") | windowing | Pairs() | beam.GroupByKey()
    return {
        "out": groups | beam.Reshuffle() | "Told" >> TOLD,
        "perKey": groups | ReshufflePerKey() | "Told by key" >> TOLD,
    }


@case("reshufflePerKey: timestamps and windows stay, also for what groups after it")
def _(p, inputs, files):
    shuffled = (
        timed(p) | beam.WindowInto(SLIDING) | Pairs() | ReshufflePerKey() | "KV" >> beam.MapTuple(kv)
    )
    return {"out": shuffled | "Out" >> Shown(), "grouped": shuffled | Grouped()}


@case("reshufflePerKey: of groups")
def _(p, inputs, files):
    groups = timed(p) | Pairs() | beam.GroupByKey() | ReshufflePerKey()
    return {"out": groups | beam.MapTuple(lambda key, values: kv(key, in_order(values)))}
