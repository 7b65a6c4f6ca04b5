"""The pipelines of pipelines/splittable.ts."""

import os

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator, MonotonicWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.transforms.window import FixedWindows, SlidingWindows, TimestampedValue
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Duration, Timestamp

from .common import case, kv
from .event_time import Combined, Shown

RANGES = [{"from": 0, "to": 10}, {"from": 100, "to": 103}, {"from": 7, "to": 7}]


class Offsets(RestrictionProvider):
    """The offsets of {from, to}, in initial splits of `size`."""

    def __init__(self, size=None):
        self._size = size

    def initial_restriction(self, element):
        return OffsetRange(element["from"], element["to"])

    def create_tracker(self, restriction):
        return OffsetRestrictionTracker(restriction)

    def split(self, element, restriction):
        return [restriction] if self._size is None else restriction.split(self._size)

    def restriction_size(self, element, restriction):
        return restriction.size()


class Count(beam.DoFn):
    def process(self, element, work=beam.DoFn.RestrictionParam(Offsets())):
        n = work.current_restriction().start
        while work.try_claim(n):
            yield n
            n += 1


class CountInParts(beam.DoFn):
    def process(self, element, work=beam.DoFn.RestrictionParam(Offsets(4))):
        n = work.current_restriction().start
        while work.try_claim(n):
            yield n
            n += 1


@case("splittable: the offsets of a range")
def _(p, inputs, files):
    ranges = p | beam.Create(RANGES)
    return {"whole": ranges | "Whole" >> beam.ParDo(Count()), "parts": ranges | "Parts" >> beam.ParDo(CountInParts())}


class InSteps(beam.DoFn):
    """Leaves what is behind each third offset for later."""

    def process(self, element, work=beam.DoFn.RestrictionParam(Offsets())):
        n = work.current_restriction().start
        while work.try_claim(n):
            yield n
            n += 1
            if n % 3 == 0:
                work.defer_remainder(Duration(micros=10_000))
                return


@case("splittable: a DoFn that leaves the rest for later")
def _(p, inputs, files):
    return {"out": p | beam.Create(RANGES) | beam.ParDo(InSteps())}


class Sparse(beam.DoFn):
    """Claims every seventh offset, and the end."""

    def process(self, element, work=beam.DoFn.RestrictionParam(Offsets(5))):
        start = work.current_restriction().start
        n = start + -start % 7
        while work.try_claim(n):
            yield n
            n += 7


@case("splittable: claims that leave offsets out")
def _(p, inputs, files):
    return {"out": p | beam.Create([{"from": 3, "to": 100}]) | beam.ParDo(Sparse())}


class Scaled(beam.DoFn):
    def process(self, element, by, work=beam.DoFn.RestrictionParam(Offsets(4))):
        n = work.current_restriction().start
        while work.try_claim(n):
            yield n * by
            n += 1


@case("splittable: a side input")
def _(p, inputs, files):
    by = p | "By" >> beam.Create([3])
    return {"out": p | beam.Create(RANGES) | beam.ParDo(Scaled(), by=beam.pvalue.AsSingleton(by))}


class EvenOdd(beam.DoFn):
    def process(self, element, work=beam.DoFn.RestrictionParam(Offsets())):
        n = work.current_restriction().start
        while work.try_claim(n):
            yield n if n % 2 == 0 else beam.pvalue.TaggedOutput("odd", n)
            n += 1


@case("splittable: outputs by tag")
def _(p, inputs, files):
    out = p | beam.Create(RANGES) | beam.ParDo(EvenOdd()).with_outputs("odd", main="even")
    return {"even": out.even, "odd": out.odd}


class Words(RestrictionProvider):
    def initial_restriction(self, element):
        return OffsetRange(0, len(element["value"]))

    def create_tracker(self, restriction):
        return OffsetRestrictionTracker(restriction)

    def restriction_size(self, element, restriction):
        return restriction.size()


class Letters(beam.DoFn):
    def process(self, element, work=beam.DoFn.RestrictionParam(Words())):
        n = work.current_restriction().start
        while work.try_claim(n):
            yield kv(element["key"], element["value"][n])
            n += 1


@case("splittable: elements in windows")
def _(p, inputs, files):
    texts = (
        p
        | beam.Create([[1, "a", "für"], [12, "b", "xy"], [13, "a", ""]])
        | beam.Map(lambda e: TimestampedValue(kv(e[1], e[2]), e[0]))
    )
    return {
        "fixed": texts | "Fixed" >> beam.WindowInto(FixedWindows(10)) | "In fixed" >> beam.ParDo(Letters()) | "F" >> Shown(),
        "sliding": texts
        | "Sliding" >> beam.WindowInto(SlidingWindows(10, 5))
        | "In sliding" >> beam.ParDo(Letters())
        | "S" >> Shown(),
    }


class Monotonic(WatermarkEstimatorProvider):
    # The default provider of Beam Python 2.77 fails before the first element: its state is None.
    def initial_estimator_state(self, element, restriction):
        return MIN_TIMESTAMP

    def create_watermark_estimator(self, state):
        return MonotonicWatermarkEstimator(state)


class Timed(beam.DoFn):
    """Offsets at their seconds, of which each tenth is left for later."""

    def process(
        self,
        element,
        work=beam.DoFn.RestrictionParam(Offsets()),
        watermark=beam.DoFn.WatermarkEstimatorParam(Monotonic()),
    ):
        n = work.current_restriction().start
        while work.try_claim(n):
            yield TimestampedValue(kv("all", n), n)
            n += 1
            if n % 10 == 0:
                work.defer_remainder()
                return


class Manual(beam.DoFn):
    def process(
        self,
        element,
        work=beam.DoFn.RestrictionParam(Offsets()),
        watermark=beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider()),
    ):
        n = work.current_restriction().start
        while work.try_claim(n):
            watermark.set_watermark(Timestamp(n))
            yield TimestampedValue(kv(n % 2, n), n)
            n += 1
            if n % 8 == 0:
                work.defer_remainder()
                return


@case("splittable: timestamps and watermark estimators")
def _(p, inputs, files):
    ranges = p | beam.Create([{"from": 3, "to": 42}])
    return {
        "monotonic": ranges
        | "Timed" >> beam.ParDo(Timed())
        | "In tens" >> beam.WindowInto(FixedWindows(10))
        | "Sum" >> Combined(sum),
        "manual": ranges
        | "Manual" >> beam.ParDo(Manual())
        | "In fives" >> beam.WindowInto(FixedWindows(5))
        | "Sum by key" >> Combined(sum),
    }


# Ours is unbounded: what comes out does not depend on that.
@case("splittable: one that need not end, but does")
def _(p, inputs, files):
    ranges = p | beam.Create([{"from": 3, "to": 42}])
    return {"out": ranges | beam.ParDo(Timed()) | beam.WindowInto(FixedWindows(10)) | Combined(sum)}


class Files(RestrictionProvider):
    def __init__(self, size):
        self._size = size

    def initial_restriction(self, path):
        return OffsetRange(0, os.path.getsize(path))

    def create_tracker(self, restriction):
        return OffsetRestrictionTracker(restriction)

    def split(self, path, restriction):
        return restriction.split(self._size)

    def restriction_size(self, path, restriction):
        return restriction.size()


class Lines(beam.DoFn):
    """The lines that begin in a range of bytes."""

    def process(self, path, work=beam.DoFn.RestrictionParam(Files(64))):
        with open(path, "rb") as file:
            at = work.current_restriction().start
            if at > 0:
                file.seek(at - 1)
                at += len(file.readline()) - 1
            while work.try_claim(at):
                line = file.readline()
                if not line:
                    return
                yield kv(at, line.decode("utf-8").rstrip("\r\n"))
                at += len(line)


@case("splittable: lines of a file by their bytes")
def _(p, inputs, files):
    return {"out": p | beam.Create([os.path.join(files, "unicode.txt"), os.path.join(files, "dos.txt")]) | beam.ParDo(Lines())}


@case("splittable: one after another, and a combine between")
def _(p, inputs, files):
    return {
        "out": p
        | beam.Create(RANGES)
        | "First" >> beam.ParDo(CountInParts())
        | beam.Map(lambda n: {"from": n, "to": n + n % 3})
        | "Second" >> beam.ParDo(Count())
        | beam.combiners.Count.PerElement()
        | beam.MapTuple(kv)
    }
