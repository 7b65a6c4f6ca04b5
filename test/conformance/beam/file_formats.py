"""The pipelines of pipelines/file-formats.ts.

Beam Python's ReadFromCsv and ReadFromJson need pandas, which is not among the peers, and guess types: Python's own csv and json
stand for them.
"""

import csv
import io
import json
import os
import tempfile

import apache_beam as beam
import pyarrow
from apache_beam.io import fileio

from .common import case, kv

DATA = os.path.abspath("node_modules/vega-datasets/data")
ROWS = [
    {"name": "a", "n": 1, "x": 0.5, "note": None},
    {"name": 'ä, "quoted"', "n": -2, "x": -1.25, "note": ""},
    {"name": "line\nbreak", "n": 3, "x": 1e300, "note": "n"},
]


def texts(p, name, pattern):
    return (
        p
        | f"Match {name}" >> fileio.MatchFiles(pattern)
        | f"Read {name}" >> fileio.ReadMatches()
        | f"Text {name}" >> beam.Map(lambda file: file.read_utf8())
    )


def rows_of_csv(text, fieldnames=None):
    return [dict(row) for row in csv.DictReader(io.StringIO(text), fieldnames)]


@case("readFromCsv: airports, by a schema")
def _(p, inputs, files):
    return {
        "airports": texts(p, "Airports", os.path.join(DATA, "airports.csv"))
        | beam.FlatMap(rows_of_csv)
        | beam.Map(lambda row: {"iata": row["iata"], "name": row["name"], "latitude": float(row["latitude"])})
    }


@case("readFromCsv: without a schema, and by names given")
def _(p, inputs, files):
    file = os.path.join(files, "header.csv")
    return {
        "all": texts(p, "All", file) | "Rows" >> beam.FlatMap(rows_of_csv),
        "named": texts(p, "Named", file) | "Named rows" >> beam.FlatMap(rows_of_csv, ["a", "b"]),
    }


@case("readFromJson: an array of cars")
def _(p, inputs, files):
    names = ["Name", "Miles_per_Gallon", "Cylinders"]
    return {
        "cars": texts(p, "Cars", os.path.join(DATA, "cars.json"))
        | beam.FlatMap(json.loads)
        | beam.Map(lambda car: {name: car[name] for name in names})
    }


@case("readFromParquet: two columns of three million flights")
def _(p, inputs, files):
    flights = p | beam.io.ReadFromParquet(
        os.path.join(DATA, "flights-3m.parquet"), columns=["origin", "delay"]
    )
    late = flights | beam.Filter(lambda row: (row["delay"] or 0) >= 600) | beam.Map(lambda row: row["origin"])
    return {
        "count": flights | beam.combiners.Count.Globally(),
        "late": late | beam.combiners.Count.PerElement() | beam.MapTuple(kv),
    }


@case("writeToCsv: names and content")
def _(p, inputs, files):
    text = 'name,n,x,note\na,1,0.5,\n"ä, ""quoted""",-2,-1.25,""\n"line\nbreak",3,1e+300,n\n'
    # Read by Python's csv, so that this text is known to be those rows.
    assert [row["name"] for row in rows_of_csv(text)] == [row["name"] for row in ROWS]
    return {
        "names": p | "Names" >> beam.Create(["rows-00000-of-00001.csv"]),
        "lines": p | "Content" >> beam.Create(["\n".join(sorted(text.split("\n")))]),
    }


@case("writeToJson: lines that JSON parsers read")
def _(p, inputs, files):
    return {"rows": p | beam.Create(ROWS)}


@case("writeToParquet: three files")
def _(p, inputs, files):
    types = pyarrow.schema(
        [("name", pyarrow.string()), ("n", pyarrow.int64()), ("x", pyarrow.float64()), ("note", pyarrow.string())]
    )
    prefix = os.path.join(tempfile.mkdtemp(), "rows")
    return {
        "names": p
        | beam.Create(ROWS)
        | beam.io.WriteToParquet(prefix, types, file_name_suffix=".parquet", num_shards=3)
        | beam.Map(os.path.basename)
    }


@case("writeToAvro: two files")
def _(p, inputs, files):
    fields = [("name", "string"), ("n", "long"), ("x", "double"), ("note", ["null", "string"])]
    types = {"type": "record", "name": "Row", "fields": [{"name": name, "type": type} for name, type in fields]}
    prefix = os.path.join(tempfile.mkdtemp(), "rows")
    return {
        "names": p
        | beam.Create(ROWS)
        | beam.io.WriteToAvro(prefix, types, file_name_suffix=".avro", num_shards=2)
        | beam.Map(os.path.basename)
    }


@case("matchFiles, readFiles: whole files and their sizes")
def _(p, inputs, files):
    matched = p | fileio.MatchFiles(os.path.join(files, "parts", "part-*.txt"))
    return {
        "sizes": matched | "Sizes" >> beam.Map(lambda file: kv(os.path.basename(file.path), file.size_in_bytes)),
        "texts": matched | fileio.ReadMatches() | beam.Map(lambda file: file.read_utf8()),
    }
