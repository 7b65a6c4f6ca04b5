"""What pipelines in event time are made of. Beam Python counts seconds, and its windows end a microsecond before their end;
here all are milliseconds, rounded down, which is what ours have."""

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow, TimestampedValue
from apache_beam.utils.windowed_value import PaneInfoTiming

from .common import in_order, kv

# Further away than any event: the ends of time, of which runners tell different ones.
FAR = 10**15

TIMINGS = {
    PaneInfoTiming.EARLY: "early",
    PaneInfoTiming.ON_TIME: "onTime",
    PaneInfoTiming.LATE: "late",
    PaneInfoTiming.UNKNOWN: "unknown",
}


def millis(timestamp):
    ms = timestamp.micros // 1000
    return ms if abs(ms) < FAR else None


class Events(beam.PTransform):
    """[seconds, key, value] → {key, value} at that time."""

    def __init__(self, events):
        self._events = events

    def expand(self, p):
        return p | beam.Create(self._events) | beam.Map(lambda e: TimestampedValue(kv(e[1], e[2]), e[0]))


class Pairs(beam.PTransform):
    """{key, value} → (key, value)."""

    def expand(self, pairs):
        return pairs | beam.Map(lambda e: (e["key"], e["value"]))


def shown(value, window, timestamp):
    if isinstance(window, GlobalWindow):
        return {"value": value, "at": millis(timestamp), "from": None, "to": None}
    start, end = millis(window.start), millis(window.end)
    # FnApiRunner rounds the last timestamp of a window before the epoch up, to the window's end.
    at = "end" if millis(timestamp) >= end - 1 else millis(timestamp)
    return {"value": value, "at": at, "from": start, "to": end}


class Shown(beam.PTransform):
    """Makes an element's window and timestamp a part of it."""

    def expand(self, elements):
        return elements | beam.Map(
            lambda v, w=beam.DoFn.WindowParam, t=beam.DoFn.TimestampParam: shown(v, w, t)
        )


class Grouped(beam.PTransform):
    """{key, value} → {key, value: values in order}, with windows and timestamps."""

    def expand(self, pairs):
        return (
            pairs
            | Pairs()
            | beam.GroupByKey()
            | "List" >> beam.MapTuple(lambda key, values: kv(key, in_order(values)))
            | Shown()
        )


class Combined(beam.PTransform):
    """{key, value} → {key, value: combined}, with windows and timestamps."""

    def __init__(self, fn):
        self._fn = fn

    def expand(self, pairs):
        return pairs | Pairs() | beam.CombinePerKey(self._fn) | "KV" >> beam.MapTuple(kv) | Shown()


class Panes(beam.PTransform):
    """{key, value} → {key, value: values in order}, with windows and the panes that they come in."""

    def expand(self, pairs):
        return (
            pairs
            | Pairs()
            | beam.GroupByKey()
            | "List" >> beam.MapTuple(lambda key, values: kv(key, in_order(values)))
            | "Pane"
            >> beam.Map(
                lambda v, w=beam.DoFn.WindowParam, t=beam.DoFn.TimestampParam, pane=beam.DoFn.PaneInfoParam: {
                    **shown(v, w, t),
                    "timing": TIMINGS[pane.timing],
                    "index": pane.index,
                }
            )
        )
