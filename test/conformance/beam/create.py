"""The pipelines of pipelines/create.ts."""

import apache_beam as beam

from .canonical import length
from .common import Distinct, GroupByKey, Listed, case, kv


@case("create: values of every type")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["mixed"], reshuffle=False)}


@case("create: halves of surrogate pairs")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["halves"]) | beam.Map(lambda t: {"text": t, "units": length(t)})}


@case("create: nothing")
def _(p, inputs, files):
    none = p | beam.Create([])
    return {
        "none": none,
        "mapped": none | "Add" >> beam.Map(lambda n: n + 1),
        "grouped": none | "Pair" >> beam.Map(lambda n: kv(n, n)) | GroupByKey() | Listed(),
        "count": none | beam.combiners.Count.Globally(),
        "distinct": none | Distinct(),
    }


@case("create: 20 000 elements")
def _(p, inputs, files):
    elements = p | beam.Create([{"id": i, "text": f"element {i}"} for i in range(20_000)])
    return {
        "count": elements | beam.combiners.Count.Globally(),
        "ids": elements | beam.Map(lambda e: e["id"]) | beam.CombineGlobally(sum),
        "some": elements | beam.Filter(lambda e: e["id"] % 997 == 0),
    }


@case("create: elements of 2 MB")
def _(p, inputs, files):
    big = p | beam.Create(
        [{"n": n, "text": str(n) * 2_000_000, "bytes": bytes([n]) * 2_000_000} for n in range(3)]
    )
    return {
        "sizes": big
        | "Sizes"
        >> beam.Map(
            lambda e: {
                "n": e["n"],
                "length": len(e["text"]),
                "last": e["text"][-1],
                "bytes": len(e["bytes"]),
                "sum": sum(e["bytes"]),
            }
        ),
        "grouped": big
        | "Pair" >> beam.Map(lambda e: kv(e["n"] % 2, e["text"]))
        | GroupByKey()
        | "Length" >> beam.MapTuple(lambda key, texts: {"key": key, "length": sum(map(len, texts))}),
    }
