"""The pipelines of pipelines/state.ts."""

import apache_beam as beam
from apache_beam.coders import PickleCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import (
    BagStateSpec,
    CombiningValueStateSpec,
    OrderedListStateSpec,
    ReadModifyWriteStateSpec,
    SetStateSpec,
    TimerSpec,
    on_timer,
)
from apache_beam.transforms.window import FixedWindows, SlidingWindows
from apache_beam.utils.timestamp import Timestamp

from .common import case, from_key, in_order, kv, to_key
from .event_time import Events, Shown

EVENTS = [
    [1, "a", 1],
    [2, "a", 2],
    [3, "ü", 3],
    [4, "a", 2],
    [11, "a", 4],
    [12, "ü", 3],
    [13, "a", 1],
    [25, "a", 7],
]


def keyed(elements, name="Keyed"):
    return elements | name >> beam.Map(lambda e: (to_key(e["key"]), e["value"]))


def in_windows(p):
    return p | Events(EVENTS) | beam.WindowInto(FixedWindows(10))


def at_end(spec, take, read):
    """Takes each element into state, and emits what `read` makes of it when the window ends."""

    class AtEnd(beam.DoFn):
        END = TimerSpec("end", TimeDomain.WATERMARK)

        def process(
            self,
            element,
            kept=beam.DoFn.StateParam(spec),
            end=beam.DoFn.TimerParam(END),
            window=beam.DoFn.WindowParam,
        ):
            take(kept, element[1])
            end.set(window.max_timestamp())

        @on_timer(END)
        def at_end(self, key=beam.DoFn.KeyParam, kept=beam.DoFn.StateParam(spec)):
            yield kv(from_key(key), read(kept))

    return beam.ParDo(AtEnd())


class Running(beam.DoFn):
    SEEN = ReadModifyWriteStateSpec("seen", PickleCoder())

    def process(self, element, seen=beam.DoFn.StateParam(SEEN)):
        count = (seen.read() or 0) + 1
        seen.write(count)
        yield kv(from_key(element[0]), count)


@case("state: a value counts the elements of each key")
def _(p, inputs, files):
    return {"out": keyed(p | Events(EVENTS)) | beam.ParDo(Running())}


@case("state: each window has its own")
def _(p, inputs, files):
    return {"out": keyed(in_windows(p)) | beam.ParDo(Running()) | Shown()}


@case("state: an element in two windows counts in both")
def _(p, inputs, files):
    windowed = p | Events(EVENTS) | beam.WindowInto(SlidingWindows(20, 10))
    return {"out": keyed(windowed) | beam.ParDo(Running()) | Shown()}


@case("state: a bag, emptied when its window ends")
def _(p, inputs, files):
    bag = at_end(BagStateSpec("kept", PickleCoder()), lambda bag, n: bag.add(n), lambda bag: in_order(bag.read()))
    return {"out": keyed(in_windows(p)) | bag | Shown()}


@case("state: a set, by value")
def _(p, inputs, files):
    kept = at_end(SetStateSpec("kept", PickleCoder()), lambda kept, n: kept.add(n), lambda kept: in_order(kept.read()))
    return {"out": keyed(in_windows(p)) | kept}


# Beam Python has neither map state nor multimap state: a dict in value state is what they are compared with.


@case("state: a map counts values")
def _(p, inputs, files):
    def take(kept, n):
        counts = kept.read() or {}
        kept.write({**counts, n: counts.get(n, 0) + 1})

    spec = ReadModifyWriteStateSpec("kept", PickleCoder())
    return {
        "out": keyed(in_windows(p)) | at_end(spec, take, lambda kept: in_order([n, c] for n, c in kept.read().items()))
    }


@case("state: a multimap, of which one key is removed")
def _(p, inputs, files):
    def take(kept, n):
        values = kept.read() or {"even": [], "odd": []}
        values["even" if n % 2 == 0 else "odd"].append(n)
        kept.write(values)

    def read(kept):
        values = kept.read()
        return [in_order(values["odd"]), in_order(["even", n] for n in values["even"])]

    return {"out": keyed(p | Events(EVENTS)) | at_end(ReadModifyWriteStateSpec("kept", PickleCoder()), take, read)}


@case("state: a combining state")
def _(p, inputs, files):
    total = at_end(CombiningValueStateSpec("kept", PickleCoder(), sum), lambda s, n: s.add(n), lambda s: s.read())
    return {"out": keyed(in_windows(p)) | total | Shown()}


@case("state: an ordered list, of which a range is cleared")
def _(p, inputs, files):
    def read(kept):
        kept.clear_range(Timestamp(2), Timestamp(4))
        return [value for _, value in kept.read()]

    ordered = at_end(OrderedListStateSpec("kept", PickleCoder()), lambda s, n: s.add((Timestamp(n), n)), read)
    return {"out": keyed(p | Events(EVENTS)) | ordered}


@case("state: cleared after every second element")
def _(p, inputs, files):
    class Second(beam.DoFn):
        SEEN = ReadModifyWriteStateSpec("seen", PickleCoder())

        def process(self, element, seen=beam.DoFn.StateParam(SEEN)):
            if seen.read() is None:
                seen.write(True)
                return
            seen.clear()
            yield from_key(element[0])

    return {"out": keyed(p | Events(EVENTS)) | beam.ParDo(Second())}


@case("state: keys of every kind")
def _(p, inputs, files):
    keys = [1, "ü", True, [1, "a"], {"x": 1}, -0.0, 0, 1, "ü", [1, "a"], {"x": 1}]
    elements = p | beam.Create(keys) | beam.Map(lambda key: kv(key, 1))
    return {"out": keyed(elements) | beam.ParDo(Running())}


@case("state: beside a side input")
def _(p, inputs, files):
    # Beam Python 2.77 takes the side input of a DoFn with state for its main input, now and then
    # (ParDo._get_key_and_window_coder picks one of a set): a Map has it here.
    pairs = p | Events(EVENTS)
    every = beam.pvalue.AsSingleton(pairs | beam.combiners.Count.Globally())
    counts = keyed(pairs) | beam.ParDo(Running())
    return {"out": counts | beam.Map(lambda e, n: {"key": e["key"], "of": f"{e['value']} of {n}"}, every)}


def batches(groups):
    return {
        "sizes": groups | beam.MapTuple(lambda key, values: kv(from_key(key), len(list(values)))),
        "values": groups | beam.FlatMapTuple(lambda key, values: [kv(from_key(key), n) for n in values]),
    }


@case("groupIntoBatches: in the global window")
def _(p, inputs, files):
    return batches(keyed(p | Events(EVENTS)) | beam.GroupIntoBatches(2))


@case("groupIntoBatches: in windows, which end batches")
def _(p, inputs, files):
    outputs = batches(keyed(in_windows(p)) | beam.GroupIntoBatches(3))
    return {**outputs, "sizes": outputs["sizes"] | Shown()}


@case("groupIntoBatches: with a buffering duration, none is lost")
def _(p, inputs, files):
    return {"values": batches(keyed(p | Events(EVENTS)) | beam.GroupIntoBatches(100, 0.01))["values"]}
