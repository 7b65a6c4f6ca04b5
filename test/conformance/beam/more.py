"""The pipelines of pipelines/more.ts."""

import re

import apache_beam as beam
from apache_beam.transforms.combiners import Latest
from apache_beam.transforms.util import LogElements, Regex, ToString
from apache_beam.transforms.window import FixedWindows

from .common import case, kv
from .event_time import Events, Pairs, Shown

# No two at one time: which of these is the latest is for a runner to say.
TIMES = [[-61, "a", 1], [5, "b", 2], [70, "a", 3], [12, "a", 4], [65, "b", 5], [-3, "ü", 6]]

LINES = ["ada=36 bo=7", "bo=20", "", " ada=1", "ü=5;ada=2", "==", "none\nbo=3"]

PAIR = r"([a-z]+)=([0-9]+)"


def lines(p):
    return p | beam.Create(LINES)


@case("latest: globally")
def _(p, inputs, files):
    return {"out": p | Events(TIMES) | Latest.Globally()}


@case("latest: globally, of no elements")
def _(p, inputs, files):
    return {"out": p | beam.Create([]) | Latest.Globally()}


@case("latest: globally, in windows")
def _(p, inputs, files):
    events = p | Events(TIMES) | beam.WindowInto(FixedWindows(60))
    return {"out": events | Latest.Globally().without_defaults() | Shown()}


@case("latest: per key")
def _(p, inputs, files):
    return {"out": p | Events(TIMES) | Pairs() | Latest.PerKey() | "KV" >> beam.MapTuple(kv)}


@case("latest: per key, in windows")
def _(p, inputs, files):
    events = p | Events(TIMES) | beam.WindowInto(FixedWindows(60)) | Pairs()
    return {"out": events | Latest.PerKey() | "KV" >> beam.MapTuple(kv) | Shown()}


@case("regex: matches")
def _(p, inputs, files):
    every = lines(p)
    return {
        "whole": every | "Whole" >> Regex.matches(PAIR),
        "group": every | "Group" >> Regex.matches(PAIR, 2),
        "lines": every | "Lines" >> Regex.matches(re.compile("^" + PAIR, re.MULTILINE)),
    }


@case("regex: all matches")
def _(p, inputs, files):
    return {"out": lines(p) | Regex.all_matches(PAIR)}


@case("regex: matches as key and value")
def _(p, inputs, files):
    return {"out": lines(p) | Regex.matches_kv(PAIR, 1, 2) | "KV" >> beam.MapTuple(kv)}


@case("regex: find")
def _(p, inputs, files):
    every = lines(p)
    return {"whole": every | "Whole" >> Regex.find(PAIR), "group": every | "Group" >> Regex.find(PAIR, 2)}


@case("regex: find all")
def _(p, inputs, files):
    every = lines(p)
    return {
        "keys": every | "Keys" >> Regex.find_all(PAIR, 1),
        "empty": every | "Empty" >> Regex.find_all("[a-z]*"),
        "filled": every | "Filled" >> Regex.find_all("[a-z]*", outputEmpty=False),
    }


@case("regex: find keys and values")
def _(p, inputs, files):
    return {"out": lines(p) | Regex.find_kv(PAIR, 1, 2) | "KV" >> beam.MapTuple(kv)}


@case("regex: replace")
def _(p, inputs, files):
    every = lines(p)
    return {
        "all": every | "All" >> Regex.replace_all(PAIR, r"\2:\1"),
        "first": every | "First" >> Regex.replace_first(PAIR, r"\2:\1"),
    }


@case("regex: split")
def _(p, inputs, files):
    every = lines(p)
    return {
        "filled": every | "Filled" >> Regex.split("[ =]"),
        "empty": every | "Empty" >> Regex.split("[ =]", outputEmpty=True),
        "groups": every | "Groups" >> Regex.split("(=*)", outputEmpty=True),
    }


@case("toStrings: elements, keys and values, iterables")
def _(p, inputs, files):
    pairs = p | "Pairs" >> beam.Create([("a", 1), ("ü", 2)])
    return {
        "elements": p | "Elements" >> beam.Create([1, "b", 2.5]) | ToString.Element(),
        "kvs": pairs | "Kvs" >> ToString.Kvs(),
        "tabs": pairs | "Tabs" >> ToString.Kvs("\t"),
        "lists": p | "Lists" >> beam.Create([[1, 2], [], ["x"]]) | ToString.Iterables(" "),
    }


@case("logElements: passes elements on")
def _(p, inputs, files):
    events = p | Events(TIMES) | beam.WindowInto(FixedWindows(60))
    return {"out": events | LogElements(prefix="more ", with_window=True) | Shown()}
