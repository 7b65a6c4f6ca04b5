"""The pipelines of pipelines/par-do.ts."""

import apache_beam as beam

from .canonical import length
from .common import CountPerElement, Distinct, GroupByKey, case, in_order, kv


@case("parDo: a life around bundles")
def _(p, inputs, files):
    return {"out": p | beam.Create(range(1000)) | beam.Map(lambda n: 3) | beam.CombineGlobally(sum)}


@case("parDo: several outputs")
def _(p, inputs, files):
    def route(n):
        if n % 2 == 1:
            yield beam.pvalue.TaggedOutput("odd", {"n": n})
        if n > 990:
            yield beam.pvalue.TaggedOutput("big", f"number {n}")
        if n < 0:
            yield beam.pvalue.TaggedOutput("never", n)
        if n % 100 == 0:
            yield n

    outputs = p | beam.Create(range(1000)) | beam.FlatMap(route).with_outputs("odd", "big", "never", main="main")
    return {
        "main": outputs.main,
        "odd": outputs.odd | beam.combiners.Count.Globally(),
        "big": outputs.big,
        "never": outputs.never,
    }


@case("parDo: one output feeds several steps")
def _(p, inputs, files):
    orders = p | beam.Create(inputs["orders"])
    dear = orders | beam.Filter(lambda e: e["price"] > 90)
    return {
        "dear": dear,
        "ids": dear | "Id" >> beam.Map(lambda e: e["id"]),
        "users": dear | "User" >> beam.Map(lambda e: e["user"]) | Distinct(),
        "count": orders | beam.combiners.Count.Globally(),
    }


@case("parDo: counters and a context")
def _(p, inputs, files):
    return {"out": p | beam.Create(range(1000)) | beam.Map(lambda n: n + 0.5 if n % 250 == 0 else 0)}


@case("partition: three parts")
def _(p, inputs, files):
    low, high, rest = (
        p | beam.Create(inputs["numbers"]) | beam.Partition(lambda n, _: 0 if n < 0 else 1 if n >= 0 else 2, 3)
    )
    return {"low": low, "high": high, "rest": rest}


@case("flatten: twice the same, and nothing")
def _(p, inputs, files):
    a = p | "A" >> beam.Create(inputs["texts"])
    b = p | "B" >> beam.Create(inputs["users"])
    none = p | "None" >> beam.Create([])
    together = (a, b, a, none) | beam.Flatten()
    return {"out": together, "counted": together | CountPerElement()}


@case("composites: of composites, with names")
def _(p, inputs, files):
    def lengths(lines):
        return (
            lines
            | beam.Map(lambda line: line.strip())
            | beam.Filter(lambda line: line != "")
            | "Pair" >> beam.Map(lambda line: kv(length(line), line))
            | GroupByKey()
            | "Sort" >> beam.MapTuple(lambda key, lines: {"key": key, "lines": in_order(lines)})
        )

    lines = p | beam.Create(inputs["lines"])
    return {
        "once": lines | "Once" >> beam.ptransform_fn(lengths)(),
        "twice": lines | "Mark" >> beam.Map(lambda line: f"{line}!") | "Twice" >> beam.ptransform_fn(lengths)(),
    }
