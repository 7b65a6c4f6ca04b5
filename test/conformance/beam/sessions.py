"""The pipelines of pipelines/sessions.ts."""

import apache_beam as beam
from apache_beam.transforms import combiners
from apache_beam.transforms.window import Sessions, TimestampCombiner

from .common import case, kv
from .event_time import Combined, Events, Grouped, Pairs


@case("sessions: groups, bridged by an event that comes last")
def _(p, inputs, files):
    return {"out": p | Events(inputs["visits"]) | beam.WindowInto(Sessions(10)) | Grouped()}


@case("sessions: sums and counts")
def _(p, inputs, files):
    pairs = p | Events(inputs["visits"]) | beam.WindowInto(Sessions(10))
    return {"sum": pairs | "S" >> Combined(sum), "count": pairs | "C" >> Combined(combiners.CountCombineFn())}


@case("sessions: of many events")
def _(p, inputs, files):
    return {"out": p | Events(inputs["events"]) | beam.WindowInto(Sessions(7)) | Combined(sum)}


@case("sessions: that touch, exactly a gap apart")
def _(p, inputs, files):
    return {"out": p | Events(inputs["touching"]) | beam.WindowInto(Sessions(10)) | Grouped()}


@case("sessions: on both sides of the epoch")
def _(p, inputs, files):
    return {"out": p | Events(inputs["edges"]) | beam.WindowInto(Sessions(3)) | Grouped()}


@case("sessions: with the earliest timestamp")
def _(p, inputs, files):
    windowing = beam.WindowInto(Sessions(10), timestamp_combiner=TimestampCombiner.OUTPUT_AT_EARLIEST)
    return {"out": p | Events(inputs["visits"]) | windowing | Grouped()}


@case("sessions: grouped again by another key")
def _(p, inputs, files):
    per_user = p | Events(inputs["visits"]) | beam.WindowInto(Sessions(10)) | Pairs() | beam.CombinePerKey(sum)
    return {"out": per_user | beam.MapTuple(lambda key, total: kv("all", total)) | Grouped()}


@case("sessions: no elements")
def _(p, inputs, files):
    return {"out": p | Events([]) | beam.WindowInto(Sessions(10)) | Grouped()}
