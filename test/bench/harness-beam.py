"""Runs the benchmark "harness" with Beam's Python SDK: the same steps as harness-job.mjs, on the same job service.

Prints as JSON the seconds of processor time that its worker took, and the answer. The worker is a thread of this process (LOOPBACK).
"""
import json
import os
import resource
import sys
import tempfile

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(endpoint, elements):
    options = PipelineOptions([
        '--runner=PortableRunner', f'--job_endpoint={endpoint}', '--environment_type=LOOPBACK',
    ])
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'sum')
        before = processor_seconds()
        with beam.Pipeline(options=options) as p:
            (p
             | beam.Create([elements])
             | beam.FlatMap(lambda count: range(count))
             | beam.Map(lambda i: (f'key {i % 1000}', i))
             | 'Group' >> beam.GroupByKey()
             | beam.Map(lambda group: ('all', sum(group[1])))
             | 'GroupAll' >> beam.GroupByKey()
             | 'Write' >> beam.Map(lambda all: open(out, 'w').write(str(sum(all[1])))))
        with open(out) as file:
            print(json.dumps({'seconds': processor_seconds() - before, 'answer': int(file.read())}))


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
