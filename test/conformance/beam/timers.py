"""The pipelines of pipelines/timers.ts."""

import time

import apache_beam as beam
from apache_beam.coders import PickleCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import CombiningValueStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import FixedWindows

from .common import CombinePerKey, Distinct, case, from_key, kv, to_key
from .event_time import Events, Shown

EVENTS = [[1, "a", 1], [2, "a", 2], [3, "ü", 3], [14, "a", 4]]

def keyed(elements):
    return elements | "Keyed" >> beam.Map(lambda e: (to_key(e["key"]), e["value"]))


def in_windows(p):
    return keyed(p | Events(EVENTS) | beam.WindowInto(FixedWindows(10)))


def after_start(timestamp, window):
    return int((timestamp - window.start).micros / 1000)


def timer(take=None, again=None, name=None):
    """Sets a timer for each element, and emits the key, and how many milliseconds after its window's start it was to fire."""

    class OneTimer(beam.DoFn):
        TIMER = TimerSpec("timer", TimeDomain.WATERMARK)  # which has one callback

        def process(self, element, window=beam.DoFn.WindowParam, timer=beam.DoFn.TimerParam(TIMER)):
            timer.set(window.start + 5)
            if take is not None:
                take(element, window, timer)

        @on_timer(TIMER)
        def fired(
            self,
            key=beam.DoFn.KeyParam,
            window=beam.DoFn.WindowParam,
            timestamp=beam.DoFn.TimestampParam,
            timer=beam.DoFn.TimerParam(TIMER),
        ):
            if again is not None:
                again(timestamp, window, timer)
            yield kv(from_key(key), after_start(timestamp, window)) if name is None else name(window)

    return beam.ParDo(OneTimer())


@case("timers: one per key and window fires once")
def _(p, inputs, files):
    return {"out": in_windows(p) | timer() | Shown()}


@case("timers: set again, the last one counts")
def _(p, inputs, files):
    return {"out": in_windows(p) | timer(lambda element, window, timer: timer.set(window.start + 7)) | Shown()}


@case("timers: cleared, it does not fire")
def _(p, inputs, files):
    def take(element, window, timer):
        if from_key(element[0]) == "ü":
            timer.clear()

    return {"out": in_windows(p) | timer(take) | Shown()}


@case("timers: one sets the next")
def _(p, inputs, files):
    def again(timestamp, window, timer):
        if timestamp + 2 < window.end:
            timer.set(timestamp + 2)

    return {"out": in_windows(p) | timer(lambda e, window, timer: timer.set(window.start + 2), again) | Shown()}


@case("timers: a family, told apart by tags")
def _(p, inputs, files):
    class Family(beam.DoFn):
        TIMER = TimerSpec("timer", TimeDomain.WATERMARK)

        def process(self, element, window=beam.DoFn.WindowParam, timer=beam.DoFn.TimerParam(TIMER)):
            timer.set(window.max_timestamp(), dynamic_timer_tag=f"every {element[1] % 2}")
            timer.set(window.max_timestamp(), dynamic_timer_tag=f"ü {element[1]}")

        @on_timer(TIMER)
        def fired(self, key=beam.DoFn.KeyParam, tag=beam.DoFn.DynamicTimerTagParam):
            yield f"{from_key(key)} {tag}"

    return {"out": in_windows(p) | beam.ParDo(Family())}


@case("timers: two of them, by name, to two outputs")
def _(p, inputs, files):
    class Two(beam.DoFn):
        SOON = TimerSpec("soon", TimeDomain.WATERMARK)
        LATER = TimerSpec("later", TimeDomain.WATERMARK)

        def process(
            self,
            element,
            window=beam.DoFn.WindowParam,
            soon=beam.DoFn.TimerParam(SOON),
            later=beam.DoFn.TimerParam(LATER),
        ):
            soon.set(window.start + 4)
            later.set(window.start + 6)

        @on_timer(SOON)
        def at_soon(self, key=beam.DoFn.KeyParam):
            yield from_key(key)

        @on_timer(LATER)
        def at_later(self, key=beam.DoFn.KeyParam):
            yield beam.pvalue.TaggedOutput("later", from_key(key))

    outputs = in_windows(p) | beam.ParDo(Two()).with_outputs("later", main="main")
    return {"main": outputs.main | "ShownMain" >> Shown(), "later": outputs.later | "ShownLater" >> Shown()}


@case("timers: state is there when they fire, and after")
def _(p, inputs, files):
    class Stateful(beam.DoFn):
        TIMER = TimerSpec("timer", TimeDomain.WATERMARK)
        SEEN = CombiningValueStateSpec("seen", PickleCoder(), sum)
        FIRES = ReadModifyWriteStateSpec("fires", PickleCoder())

        def process(
            self,
            element,
            window=beam.DoFn.WindowParam,
            timer=beam.DoFn.TimerParam(TIMER),
            seen=beam.DoFn.StateParam(SEEN),
        ):
            seen.add(1)
            timer.set(window.start + 5)

        @on_timer(TIMER)
        def fired(
            self,
            key=beam.DoFn.KeyParam,
            window=beam.DoFn.WindowParam,
            timestamp=beam.DoFn.TimestampParam,
            timer=beam.DoFn.TimerParam(TIMER),
            seen=beam.DoFn.StateParam(SEEN),
            fires=beam.DoFn.StateParam(FIRES),
        ):
            count = (fires.read() or 0) + 1
            fires.write(count)
            if after_start(timestamp, window) < 8000:
                timer.set(timestamp + 2)
            yield {"key": from_key(key), "seen": seen.read(), "count": count}

    return {"out": in_windows(p) | beam.ParDo(Stateful())}


@case("timers: what they emit is grouped in their window")
def _(p, inputs, files):
    sums = in_windows(p) | timer(name=lambda window: kv("all", window.start.micros // 1000)) | CombinePerKey(sum)
    return {"out": sums | Shown()}


@case("timers: by the clock, they fire before a batch ends")
def _(p, inputs, files):
    class Clock(beam.DoFn):
        CLOCK = TimerSpec("timer", TimeDomain.REAL_TIME)

        def process(self, element, timer=beam.DoFn.TimerParam(CLOCK)):
            timer.set(time.time() + 0.01)

        @on_timer(CLOCK)
        def fired(self, key=beam.DoFn.KeyParam):
            yield from_key(key)

    return {"out": keyed(p | Events(EVENTS)) | beam.ParDo(Clock()) | Distinct()}
