"""The pipelines of pipelines/triggers.ts."""

import apache_beam as beam
from apache_beam.transforms import trigger
from apache_beam.transforms.trigger import AfterCount, AfterProcessingTime, AfterWatermark, Repeatedly
from apache_beam.transforms.window import FixedWindows, GlobalWindows, Sessions, SlidingWindows

from .common import case, kv
from .event_time import Combined, Events, Grouped, Pairs, Shown
from .test_streams import ACCUMULATING, DISCARDING, panes, play

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
    "triggers: again and again, or finally after the watermark",
    "late",
    FixedWindows(10),
    trigger.OrFinally(Repeatedly(AfterCount(2)), AfterWatermark()),
    DISCARDING,
)
panes(
    "triggers: again and again, or finally after the watermark, accumulating",
    "late",
    FixedWindows(10),
    trigger.OrFinally(Repeatedly(AfterCount(2)), AfterWatermark()),
    ACCUMULATING,
)
panes(
    "triggers: again and again, or finally after a count, and then never again",
    "counts",
    GlobalWindows(),
    trigger.OrFinally(Repeatedly(AfterCount(2)), AfterCount(3)),
    DISCARDING,
)


# A test stream shows nothing of it in Beam Python, which has no last pane of a window that is over.
@case("triggers: never, of an input that ends")
def _(p, inputs, files):
    windowing = beam.WindowInto(FixedWindows(10), trigger=trigger._Never(), accumulation_mode=DISCARDING)
    return {"out": p | Events(inputs["edges"]) | windowing | Grouped()}


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
