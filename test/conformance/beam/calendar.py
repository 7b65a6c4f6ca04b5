"""The pipelines of pipelines/calendar.ts. Beam Python has no calendar windows: these are made of its zoneinfo, day by day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import apache_beam as beam
from apache_beam.coders.coders import IntervalWindowCoder
from apache_beam.transforms.window import IntervalWindow, NonMergingWindowFn

from .common import case, kv
from .event_time import Events, Grouped


def seconds(day, zone):
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())


class Calendar(NonMergingWindowFn):
    """Windows between the dates for which `starts` is true, in a time zone."""

    def __init__(self, starts, zone):
        self._starts = starts
        self._zone = zone

    def assign(self, context):
        local = datetime.fromtimestamp(context.timestamp.micros // 10**6, ZoneInfo(self._zone)).date()
        first = local
        while not self._starts(first):
            first -= timedelta(days=1)
        last = local + timedelta(days=1)
        while not self._starts(last):
            last += timedelta(days=1)
        return [IntervalWindow(seconds(first, self._zone), seconds(last, self._zone))]

    def get_window_coder(self):
        return IntervalWindowCoder()


def dated(inputs):
    return [
        (int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()), "k", value)
        for text, value in inputs["dated"]
    ]


def days(number, first):
    return lambda day: (day - first).days % number == 0


def windowed(p, inputs, starts, zone="UTC"):
    return p | Events(dated(inputs)) | beam.WindowInto(Calendar(starts, zone)) | Grouped()


@case("calendar windows: days")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, days(1, date(1970, 1, 1)))}


@case("calendar windows: days of a time zone, whose clocks change")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, days(1, date(1970, 1, 1)), "Europe/Berlin")}


@case("calendar windows: weeks from a Monday, in a time zone")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, days(7, date(2026, 1, 5)), "America/New_York")}


@case("calendar windows: months")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, lambda day: day.day == 1, "Europe/Berlin")}


@case("calendar windows: quarters from the fifth of a month")
def _(p, inputs, files):
    return {"out": windowed(p, inputs, lambda day: day.day == 5 and day.month % 3 == 2)}


@case("calendar windows: years, and years that start in April")
def _(p, inputs, files):
    pairs = p | Events(dated(inputs))

    def of(name, starts, zone):
        return pairs | f"W{name}" >> beam.WindowInto(Calendar(starts, zone)) | f"G{name}" >> Grouped()

    return {
        "years": of("y", lambda day: (day.day, day.month) == (1, 1), "Asia/Tokyo"),
        "april": of("a", lambda day: (day.day, day.month) == (6, 4), "UTC"),
    }
