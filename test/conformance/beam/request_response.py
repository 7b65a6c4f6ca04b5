"""The pipelines of pipelines/request-response.ts. The service is a function, so that here it is mapped."""

import apache_beam as beam
from apache_beam.transforms.window import SlidingWindows

from .common import case
from .event_time import Events, Shown

REQUESTS = [{"id": n % 7, "name": "ü"} for n in range(40)]


@case("requestResponse: one at a time, with retries, a cache and failures")
def _(p, inputs, files):
    requests = p | beam.Create(REQUESTS)
    return {
        "responses": requests
        | "Good" >> beam.Filter(lambda e: e["id"] != 3)
        | beam.Map(lambda e: {"id": e["id"], "greeting": f"hello {e['name']}"}),
        "failures": requests
        | "Bad" >> beam.Filter(lambda e: e["id"] == 3)
        | "Failure" >> beam.Map(lambda e: {"element": e, "error": "RequestError", "message": "no 3"}),
    }


@case("requestResponse: batches, in sliding windows")
def _(p, inputs, files):
    events = p | Events(inputs["events"]) | beam.WindowInto(SlidingWindows(60, 30))
    return {
        "responses": events
        | "Good" >> beam.Filter(lambda e: e["value"] % 3 != 0)
        | beam.Map(lambda e: {"key": e["key"], "double": e["value"] * 2})
        | "Shown" >> Shown(),
        "failures": events
        | "Bad" >> beam.Filter(lambda e: e["value"] % 3 == 0)
        | "ShownBad" >> Shown(),
    }
