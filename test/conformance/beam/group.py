"""The pipelines of pipelines/group.ts."""

import math

import apache_beam as beam

from .canonical import BigInt, Text, Undefined, length
from .common import CountPerElement, Distinct, GroupByKey, Listed, case, kv


@case("groupByKey: texts")
def _(p, inputs, files):
    texts = [*inputs["texts"], *inputs["texts"], *inputs["halves"]]
    return {"out": p | beam.Create(texts) | beam.Map(lambda t: kv(t, length(t))) | GroupByKey() | Listed()}


def pairs_of_keys(inputs):
    return [kv(key, index) for index, key in enumerate(inputs["keys"])]


@case("groupByKey: keys of every type that look alike")
def _(p, inputs, files):
    return {"out": p | beam.Create(pairs_of_keys(inputs)) | GroupByKey() | Listed()}


def type_of(value):
    """What JavaScript's typeof says."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, (str, Text)):
        return "string"
    return {BigInt: "bigint", Undefined: "undefined"}.get(type(value), "object")


@case("groupByKey: values of every type")
def _(p, inputs, files):
    return {"out": p | beam.Create(inputs["mixed"]) | beam.Map(lambda v: kv(type_of(v), v)) | GroupByKey() | Listed()}


@case("groupByKey: 20 000 values of one key, read twice")
def _(p, inputs, files):
    return {
        "out": p
        | beam.Create([kv("seldom" if n == 7 else "hot", n) for n in range(20_000)])
        | GroupByKey()
        | beam.MapTuple(lambda key, values: {"key": key, "sum": sum(values), "count": len(list(values))})
    }


@case("groupByKey: 5 000 keys")
def _(p, inputs, files):
    return {"out": p | beam.Create([kv(f"key {n % 5000}", n) for n in range(15_000)]) | GroupByKey() | Listed()}


@case("groupByKey: a join by hand")
def _(p, inputs, files):
    users = p | "Users" >> beam.Create([(name, age) for age, name in enumerate(inputs["users"])])
    orders = p | "Orders" >> beam.Create([(order["user"], order["price"]) for order in inputs["orders"]])
    return {
        "out": {"ages": users, "prices": orders}
        | beam.CoGroupByKey()
        | beam.MapTuple(
            lambda user, found: {"user": user, "ages": list(found["ages"]), "spent": sum(found["prices"])}
        )
    }


@case("groupBy: a function, a property and two")
def _(p, inputs, files):
    orders = p | beam.Create(inputs["orders"])

    def grouped(name, key):
        return (
            orders
            | name >> beam.Map(lambda e: kv(key(e), e["id"]))
            | f"Group {name}" >> GroupByKey()
            | f"Ids {name}" >> beam.MapTuple(lambda key, ids: {"key": key, "ids": sorted(ids)})
        )

    return {
        "byFunction": grouped("function", lambda e: math.floor(e["price"] / 25)),
        "byProperty": grouped("property", lambda e: e["user"]),
        "byTwo": grouped("two", lambda e: {"user": e["user"], "item": e["item"]}),
    }


@case("groupBy: an async function")
def _(p, inputs, files):
    return {
        "out": p | beam.Create(inputs["lines"]) | beam.Map(lambda t: kv(length(t) % 2 == 0, t)) | GroupByKey() | Listed()
    }


@case("keys, values and kvSwap")
def _(p, inputs, files):
    pairs = p | beam.Create([(element["key"], element["value"]) for element in pairs_of_keys(inputs)])
    return {
        "keys": pairs | beam.Keys(),
        "values": pairs | beam.Values(),
        "swapped": pairs | beam.KvSwap() | beam.MapTuple(kv),
    }


@case("distinct: elements that look alike")
def _(p, inputs, files):
    return {
        "keys": p | beam.Create(inputs["keys"]) | Distinct(),
        "users": p | "Users" >> beam.Create([e["user"] for e in inputs["orders"]]) | "D" >> beam.Distinct(),
    }


@case("countPerElement: elements that look alike")
def _(p, inputs, files):
    return {"out": p | beam.Create([*inputs["keys"], *inputs["keys"], *inputs["texts"]]) | CountPerElement()}
