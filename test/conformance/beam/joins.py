"""The pipelines of pipelines/joins.ts."""

import apache_beam as beam
from apache_beam.transforms.window import FixedWindows

from .common import case, in_order, kv
from .event_time import Events, Shown

USERS = [("ada", 36), ("bo", 20), ("bo", 21), ("ü", 3)]
ORDERS = [("bo", "tea"), ("bo", "cake"), ("eve", "rum"), ("ü", "milk")]


def users(p, name="Users"):
    return p | name >> beam.Create(USERS)


def orders(p):
    return p | "Orders" >> beam.Create(ORDERS)


def grouped(key, values):
    return {"key": key, **{name: in_order(list(each)) for name, each in values.items()}}


def joined(left, right, keep_left=False, keep_right=False):
    """{key, value: {left, right}} for each pair; None where there is no partner and that side is kept."""

    def pairs(key, values):
        lefts, rights = list(values["left"]), list(values["right"])
        if keep_left and not rights:
            rights = [None]
        if keep_right and not lefts:
            lefts = [None]
        return [kv(key, {"left": a, "right": b}) for a in lefts for b in rights]

    return {"left": left, "right": right} | beam.CoGroupByKey() | beam.FlatMapTuple(pairs)


@case("coGroupByKey: two PCollections")
def _(p, inputs, files):
    both = {"users": users(p), "orders": orders(p)} | beam.CoGroupByKey()
    return {"out": both | beam.MapTuple(grouped)}


@case("coGroupByKey: three PCollections, one of them empty")
def _(p, inputs, files):
    three = {"a": users(p), "b": p | "None" >> beam.Create([]), "c": users(p, "C")} | beam.CoGroupByKey()
    return {"out": three | beam.MapTuple(grouped)}


def events(p, inputs):
    return (
        p
        | Events(inputs["events"])
        | beam.WindowInto(FixedWindows(60))
        | "Tuple" >> beam.Map(lambda e: (e["key"], e["value"]))
    )


@case("coGroupByKey: in windows")
def _(p, inputs, files):
    every = events(p, inputs)
    even = every | "Even" >> beam.Filter(lambda e: e[1] % 2 == 0)
    both = {"all": every, "even": even} | beam.CoGroupByKey()
    return {"out": both | beam.MapTuple(grouped) | Shown()}


@case("joins: inner")
def _(p, inputs, files):
    return {"out": joined(users(p), orders(p))}


@case("joins: left")
def _(p, inputs, files):
    return {"out": joined(users(p), orders(p), keep_left=True)}


@case("joins: right")
def _(p, inputs, files):
    return {"out": joined(users(p), orders(p), keep_right=True)}


@case("joins: full")
def _(p, inputs, files):
    return {"out": joined(users(p), orders(p), keep_left=True, keep_right=True)}


@case("joins: inner, in windows")
def _(p, inputs, files):
    every = events(p, inputs)
    small = every | "Small" >> beam.Filter(lambda e: e[1] < 10)
    thirds = every | "Thirds" >> beam.Filter(lambda e: e[1] % 3 == 0)
    return {"out": joined(small, thirds) | Shown()}


@case("withKeys: a function and one key for all")
def _(p, inputs, files):
    lengths = p | "Words" >> beam.Create(["a", "bb", "ü"]) | "Lengths" >> beam.WithKeys(len)
    every = p | "Others" >> beam.Create(["a", "bb"]) | "All" >> beam.WithKeys("all")
    return {"lengths": lengths | "A" >> beam.MapTuple(kv), "all": every | "B" >> beam.MapTuple(kv)}
