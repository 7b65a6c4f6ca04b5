"""What pipelines of test streams are made of; Beam Python's BundleBasedDirectRunner plays them."""

import apache_beam as beam
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms.trigger import AccumulationMode
from apache_beam.transforms.window import TimestampedValue

from .common import case, kv
from .event_time import Panes

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


def panes(name, stream, windows, trigger=None, mode=None, lateness=0, combiner=None):
    """The case of the panes that a stream of the inputs comes in."""

    @case(name, is_stream=True)
    def _(p, inputs, files):
        options = {} if trigger is None else {"trigger": trigger, "accumulation_mode": mode}
        windowing = beam.WindowInto(windows, allowed_lateness=lateness, timestamp_combiner=combiner, **options)
        return {"out": play(p, inputs, stream) | windowing | Panes()}
