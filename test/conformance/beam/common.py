"""What pipelines of every theme are made of, and the list that they put themselves in."""

import json

import apache_beam as beam

from .canonical import canonical, from_canonical

CASES = {}

# Names of those that have a test stream.
STREAMS = set()


def case(name, is_stream=False):
    def add(build):
        CASES[name] = build
        if is_stream:
            STREAMS.add(name)
        return build

    return add


def in_order(values):
    return sorted(values, key=canonical)


def kv(key, value):
    """An element with a key, as JavaScript has it."""
    return {"key": key, "value": value}


# Beam Python groups by coders that take 1, 1.0 and True for different keys, and know nothing of JavaScript's types.
# So keys are canonical texts while they are grouped. -0 and 0 are one key.


def to_key(key):
    return canonical(0 if isinstance(key, float) and key == 0 else key)


def from_key(key):
    return from_canonical(json.loads(key))


class GroupByKey(beam.PTransform):
    """{key, value} → (key, values)."""

    def expand(self, pairs):
        return (
            pairs
            | beam.Map(lambda e: (to_key(e["key"]), e["value"]))
            | beam.GroupByKey()
            | "Key" >> beam.MapTuple(lambda key, values: (from_key(key), values))
        )


class CombinePerKey(beam.PTransform):
    """{key, value} → {key, value}."""

    def __init__(self, fn):
        self._fn = fn

    def expand(self, pairs):
        return (
            pairs
            | beam.Map(lambda e: (to_key(e["key"]), e["value"]))
            | beam.CombinePerKey(self._fn)
            | "Key" >> beam.MapTuple(lambda key, value: kv(from_key(key), value))
        )


class CountPerElement(beam.PTransform):
    def expand(self, elements):
        return (
            elements
            | beam.Map(to_key)
            | beam.combiners.Count.PerElement()
            | "Key" >> beam.MapTuple(lambda key, count: kv(from_key(key), count))
        )


class Distinct(beam.PTransform):
    def expand(self, elements):
        return elements | beam.Map(to_key) | beam.Distinct() | "Key" >> beam.Map(from_key)


class Listed(beam.PTransform):
    """(key, values) → {key, value: values in an order of their own}."""

    def expand(self, groups):
        return groups | beam.MapTuple(lambda key, values: kv(key, in_order(values)))
