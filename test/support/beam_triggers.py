"""Prints, as JSON, what Beam's own triggers say of themselves.

Reads from stdin a list of {"trigger", "allowedLateness"}, a trigger as runtime/src/model/trigger.ts has it, with times in
milliseconds; prints for each {"mayLoseData", "hasOnTimePane", "continuation"}.
"""

import json
import sys

import apache_beam as beam
from apache_beam.transforms import trigger, window
from apache_beam.utils.timestamp import Duration

MANY = {'afterEach': trigger.AfterEach, 'afterFirst': trigger.AfterAny, 'afterAll': trigger.AfterAll}


def from_data(data):
    kind = data['kind']
    if kind == 'afterWatermark':
        parts = {name: from_data(data[name]) for name in ('early', 'late') if name in data}
        return trigger.AfterWatermark(**parts)
    if kind == 'afterProcessingTime':
        return trigger.AfterProcessingTime(data['delay'] // 1000)
    if kind == 'afterCount':
        return trigger.AfterCount(data['count'])
    if kind == 'repeatedly':
        return trigger.Repeatedly(from_data(data['trigger']))
    if kind == 'orFinally':
        return trigger.OrFinally(from_data(data['main']), from_data(data['finally']))
    if kind in MANY:
        return MANY[kind](*map(from_data, data['triggers']))
    return {
        'default': trigger.DefaultTrigger,
        'always': trigger.Always,
        'never': trigger._Never,
        'afterSynchronizedProcessingTime': trigger._AfterSynchronizedProcessingTime,
    }[kind]()


def to_data(made):
    if isinstance(made, trigger.AfterWatermark):
        parts = {name: getattr(made, name) for name in ('early', 'late')}
        given = {name: to_data(part) for name, part in parts.items() if part}
        return {'kind': 'afterWatermark', **given}
    if isinstance(made, trigger.AfterCount):
        return {'kind': 'afterCount', 'count': made.count}
    if isinstance(made, trigger.Repeatedly):
        return {'kind': 'repeatedly', 'trigger': to_data(made.underlying)}
    for kind, each in MANY.items():
        if isinstance(made, each):  # OrFinally is an AfterAny
            return {'kind': kind, 'triggers': [to_data(part) for part in made.triggers]}
    return {
        trigger.DefaultTrigger: {'kind': 'default'},
        trigger.Always: {'kind': 'always'},
        trigger._Never: {'kind': 'never'},
        trigger._AfterSynchronizedProcessingTime: {'kind': 'afterSynchronizedProcessingTime'},
    }[type(made)]


def verdict(case):
    made = from_data(case['trigger'])
    windowing = beam.transforms.core.Windowing(
        window.FixedWindows(10),
        triggerfn=made,
        accumulation_mode=trigger.AccumulationMode.DISCARDING,
        allowed_lateness=Duration(micros=case['allowedLateness'] * 1000),
    )
    return {
        'mayLoseData': made.may_lose_data(windowing) != trigger.DataLossReason.NO_POTENTIAL_LOSS,
        'hasOnTimePane': bool(made.has_ontime_pane()),
        'continuation': to_data(made.get_continuation_trigger()),
    }


print(json.dumps([verdict(case) for case in json.load(sys.stdin)]))
