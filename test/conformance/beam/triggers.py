"""The pipelines of pipelines/triggers.ts: test streams, which Beam Python's BundleBasedDirectRunner plays."""

import apache_beam as beam
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms import trigger
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, AfterProcessingTime, AfterWatermark, Repeatedly
from apache_beam.transforms.window import FixedWindows, GlobalWindows, Sessions, SlidingWindows, TimestampedValue

from .common import case, kv
from .event_time import Combined, Pairs, Panes, Shown

DISCARDING = AccumulationMode.DISCARDING
ACCUMULATING = AccumulationMode.ACCUMULATING


def play(p, inputs, name):
    """The steps of a stream of the inputs: [kind, …]."""
    stream = TestStream()
    for kind, *rest in inputs["streams"][name]:
        if kind == "elements":
            stream.add_elements([TimestampedValue(kv(key, value), seconds) for seconds, key, value in rest[0]])
        elif kind == "watermark":
            stream.advance_watermark_to(rest[0])
        elif kind == "processingTime":
            stream.advance_processing_time(rest[0])
    stream.advance_watermark_to_infinity()
    return p | stream


def panes(name, stream, windows, trigger=None, mode=None, lateness=0):
    @case(name, is_stream=True)
    def _(p, inputs, files):
        options = {} if trigger is None else {"trigger": trigger, "accumulation_mode": mode}
        windowing = beam.WindowInto(windows, allowed_lateness=lateness, **options)
        return {"out": play(p, inputs, stream) | windowing | Panes()}


panes("test stream: windows as the watermark passes them", "late", FixedWindows(10))
panes("test stream: sliding windows", "late", SlidingWindows(10, 5))
panes("test stream: sessions", "late", Sessions(10))
panes(
    "triggers: early and late panes, discarding",
    "late",
    FixedWindows(10),
    AfterWatermark(early=AfterCount(2), late=AfterCount(1)),
    DISCARDING,
    lateness=100,
)
panes(
    "triggers: early and late panes, accumulating",
    "late",
    FixedWindows(10),
    AfterWatermark(early=AfterCount(2), late=AfterCount(1)),
    ACCUMULATING,
    lateness=100,
)
panes(
    "triggers: late elements beyond the lateness are dropped",
    "late",
    FixedWindows(10),
    AfterWatermark(late=AfterCount(1)),
    ACCUMULATING,
    lateness=15,
)
panes(
    "triggers: again and again after a count",
    "counts",
    GlobalWindows(),
    Repeatedly(AfterCount(3)),
    DISCARDING,
)
panes(
    "triggers: again and again after a count, accumulating",
    "counts",
    GlobalWindows(),
    Repeatedly(AfterCount(3)),
    ACCUMULATING,
)
panes(
    "triggers: after processing time",
    "clock",
    GlobalWindows(),
    Repeatedly(AfterProcessingTime(10)),
    DISCARDING,
)
panes(
    "triggers: after processing time, before the watermark comes",
    "clock",
    FixedWindows(100),
    AfterWatermark(early=AfterProcessingTime(10)),
    ACCUMULATING,
)
panes(
    "triggers: after the first of two",
    "counts",
    FixedWindows(100),
    Repeatedly(trigger.AfterAny(AfterCount(3), AfterWatermark())),
    DISCARDING,
)
panes(
    "triggers: after all of two",
    "counts",
    FixedWindows(100),
    Repeatedly(trigger.AfterAll(AfterCount(2), AfterCount(3))),
    DISCARDING,
)
panes(
    "triggers: one after the other",
    "counts",
    GlobalWindows(),
    trigger.AfterEach(AfterCount(2), AfterCount(1), Repeatedly(AfterCount(3))),
    DISCARDING,
)
panes(
    "triggers: early panes of sessions",
    "late",
    Sessions(10),
    AfterWatermark(early=AfterCount(2)),
    ACCUMULATING,
)


@case("test stream: sums per window", is_stream=True)
def _(p, inputs, files):
    return {"out": play(p, inputs, "late") | beam.WindowInto(FixedWindows(10)) | Combined(sum)}


@case("test stream: two groupings, one after the other", is_stream=True)
def _(p, inputs, files):
    per_key = play(p, inputs, "late") | beam.WindowInto(FixedWindows(10)) | Pairs() | beam.CombinePerKey(sum)
    return {"out": per_key | beam.MapTuple(lambda key, total: kv("all", total)) | Combined(sum)}


@case("test stream: elements as they come", is_stream=True)
def _(p, inputs, files):
    return {"out": play(p, inputs, "late") | Shown()}
