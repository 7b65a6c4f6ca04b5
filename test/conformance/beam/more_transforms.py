"""The pipelines of pipelines/more-transforms.ts."""

import apache_beam as beam
from apache_beam.transforms.stats import ApproximateQuantiles, ApproximateUnique
from apache_beam.transforms.trigger import AfterCount, AfterWatermark
from apache_beam.transforms.util import ReshufflePerKey
from apache_beam.transforms.window import FixedWindows, Sessions, SlidingWindows

from .canonical import units
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


def sizes_of(most):
    """Batches end where bundles do: what they have in common is that none is empty or too large."""
    return beam.Map(lambda batch: 1 <= len(batch) <= most)


@case("batchElements: loses nothing, of one size and of any")
def _(p, inputs, files):
    orders = p | beam.Create(inputs["orders"]) | beam.Map(lambda e: e["id"])
    fixed = orders | "Fixed" >> beam.BatchElements(min_batch_size=7, max_batch_size=7)
    found = orders | "Found" >> beam.BatchElements(max_batch_size=100)
    return {
        "fixed": fixed | "Each" >> beam.FlatMap(lambda batch: batch),
        "fixedSizes": fixed | sizes_of(7) | beam.Distinct(),
        "found": found | "Each found" >> beam.FlatMap(lambda batch: batch),
    }


@case("batchElements: in windows, at their ends")
def _(p, inputs, files):
    batches = timed(p) | beam.WindowInto(SLIDING) | beam.BatchElements(min_batch_size=2, max_batch_size=2)
    return {"out": batches | beam.FlatMap(lambda batch: batch) | Shown()}


def prices(p, inputs):
    return p | beam.Create([(e["user"], e["price"]) for e in inputs["orders"]])


def hot(user):
    return len(user) % 4


# Two in each: a fan-out has two shuffles, and a Flink that is small has no room for many in one job.
def fanouts(p, inputs, **fns):
    by_user = prices(p, inputs)
    return {
        name: by_user | name >> beam.CombinePerKey(fn).with_hot_key_fanout(fanout) | f"KV {name}" >> beam.MapTuple(kv)
        for name, (fn, fanout) in fns.items()
    }


@case("withHotKeyFanout: a number")
def _(p, inputs, files):
    return fanouts(p, inputs, max=(max, 4), top=(beam.combiners.TopCombineFn(3), 3))


@case("withHotKeyFanout: a function of the key, and none")
def _(p, inputs, files):
    count = beam.combiners.CountCombineFn()
    return fanouts(p, inputs, count=(count, hot), none=(count, 1))


@case("withHotKeyFanout: in windows that overlap")
def _(p, inputs, files):
    pairs = timed(p) | beam.WindowInto(SLIDING) | Pairs()
    return {"out": pairs | beam.CombinePerKey(sum).with_hot_key_fanout(3) | "KV" >> beam.MapTuple(kv) | Shown()}


# Beam Python puts what a part of a session came to into sessions anew, so that these grow: without a fanout they do not.
@case("withHotKeyFanout: in sessions")
def _(p, inputs, files):
    pairs = timed(p) | beam.WindowInto(Sessions(15)) | Pairs()
    return {"out": pairs | beam.CombinePerKey(sum) | "KV" >> beam.MapTuple(kv) | Shown()}


@case("withFanout: of some")
def _(p, inputs, files):
    ids = p | beam.Create(inputs["orders"]) | beam.Map(lambda e: e["id"])
    return {
        "sum": ids | "sum" >> beam.CombineGlobally(sum).with_fanout(4),
        "mean": ids | "mean" >> beam.CombineGlobally(beam.combiners.MeanCombineFn()).with_fanout(3),
    }


@case("withFanout: of none")
def _(p, inputs, files):
    none = p | beam.Create([])
    return {
        "none": none | "no sum" >> beam.CombineGlobally(sum).with_fanout(4),
        "without": none | "without" >> beam.CombineGlobally(sum).without_defaults().with_fanout(4),
    }


@case("approximateUnique: exact below its size")
def _(p, inputs, files):
    orders = p | beam.Create(inputs["orders"])
    by_user = orders | beam.Map(lambda e: (e["user"], e["id"] % 10))
    users = orders | "Users" >> beam.Map(lambda e: e["user"])
    windowed = timed(p) | beam.WindowInto(FixedWindows(60)) | Pairs()
    return {
        "users": users | "users" >> ApproximateUnique.Globally(size=1000),
        "perUser": by_user | ApproximateUnique.PerKey(error=0.2) | "KV" >> beam.MapTuple(kv),
        "none": p | "None" >> beam.Create([]) | "none" >> ApproximateUnique.Globally(size=16),
        "windows": windowed | "windows" >> ApproximateUnique.PerKey(size=16) | "Pair" >> beam.MapTuple(kv) | Shown(),
    }


@case("approximateUnique: near enough above its size")
def _(p, inputs, files):
    numbers = p | beam.Create(range(20)) | beam.FlatMap(lambda n: [(n * 500 + i) % 7000 for i in range(500)])
    estimate = numbers | ApproximateUnique.Globally(size=2000)
    return {"out": estimate | "Near" >> beam.Map(lambda found: abs(found / 7000 - 1) < 0.09)}


@case("approximateQuantiles: exact of few")
def _(p, inputs, files):
    numbers = p | beam.Create([(i * 37) % 101 for i in range(101)])
    texts = p | "Texts" >> beam.Create(["bb", "a", "dddd", "ccc", "ü"])
    return {
        "five": numbers | "five" >> ApproximateQuantiles.Globally(5),
        "two": numbers | "two" >> ApproximateQuantiles.Globally(2),
        "reverse": numbers | "reverse" >> ApproximateQuantiles.Globally(4, reverse=True),
        "more": p | "Two" >> beam.Create([2, 1]) | "more" >> ApproximateQuantiles.Globally(5),
        "texts": texts | "texts" >> ApproximateQuantiles.Globally(3, key=units),
        "none": p | "None" >> beam.Create([]) | "none" >> ApproximateQuantiles.Globally(3),
    }


@case("approximateQuantiles: with weights")
def _(p, inputs, files):
    weighed = p | beam.Create([((i * 37) % 101, 1 if (i * 37) % 101 < 10 else 0.25) for i in range(101)])
    return {"out": weighed | ApproximateQuantiles.Globally(5, weighted=True)}


@case("approximateQuantiles: of each key, and in windows")
def _(p, inputs, files):
    pairs = p | beam.Create([(i % 3, i) for i in range(300)])
    windowed = timed(p) | beam.WindowInto(SLIDING) | Pairs()
    return {
        "out": pairs | ApproximateQuantiles.PerKey(4) | "KV" >> beam.MapTuple(kv),
        "windows": windowed | "windows" >> ApproximateQuantiles.PerKey(3) | "Pair" >> beam.MapTuple(kv) | Shown(),
    }


@case("approximateQuantiles: near enough of many")
def _(p, inputs, files):
    numbers = p | beam.Create(range(40)) | beam.FlatMap(lambda n: [(n * 500 + i) * 7919 % 20000 for i in range(500)])
    quantiles = numbers | ApproximateQuantiles.Globally(5)
    return {
        "ends": quantiles | "Ends" >> beam.Map(lambda found: [found[0], found[-1]]),
        "near": quantiles
        | "Near" >> beam.Map(lambda found: [abs(q - n * 5000) < 1000 for n, q in enumerate(found)]),
    }
