"""Prints, as JSON, the windows that Beam's own WindowFns give.

Reads from stdin a list of {"kind", "size", "period", "gap", "offset", "timestamps"}; all are milliseconds. For each it
prints the windows of each timestamp, as [start, end], earliest first; for sessions, those into which all of them merge.
"""

import json
import sys

from apache_beam.transforms import window
from apache_beam.utils.timestamp import Duration, Timestamp


def window_fn(spec):
    size, period, gap, offset = (
        Duration(micros=spec.get(name, 0) * 1000) for name in ('size', 'period', 'gap', 'offset')
    )
    if spec['kind'] == 'fixed':
        return window.FixedWindows(size, Timestamp(micros=offset.micros))
    if spec['kind'] == 'sliding':
        return window.SlidingWindows(size, period, Timestamp(micros=offset.micros))
    return window.Sessions(gap)


class Merging(window.WindowFn.MergeContext):
    def merge(self, to_be_merged, merge_result):
        self.windows = [each for each in self.windows if each not in to_be_merged] + [merge_result]


def windows_of(spec):
    fn = window_fn(spec)
    assigned = [
        fn.assign(window.WindowFn.AssignContext(Timestamp(micros=each * 1000))) for each in spec['timestamps']
    ]
    if spec['kind'] != 'sessions':
        return [sorted(bounds(each) for each in windows) for windows in assigned]
    context = Merging(list({each for windows in assigned for each in windows}))
    fn.merge(context)
    return sorted(bounds(each) for each in context.windows)


def bounds(each):
    return [each.start.micros // 1000, each.end.micros // 1000]


print(json.dumps([windows_of(spec) for spec in json.load(sys.stdin)]))
