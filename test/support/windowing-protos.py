"""Prints, as JSON, Beam's own protos of triggers and window functions, in hex by name."""
import json
from apache_beam.runners.pipeline_context import PipelineContext
from apache_beam.transforms import trigger as t
from apache_beam.transforms import window as w

context = PipelineContext()
TRIGGERS = {
    'default': t.DefaultTrigger(),
    'always': t.Always(),
    'afterWatermark': t.AfterWatermark(),
    'both': t.AfterWatermark(early=t.AfterCount(3), late=t.AfterCount(1)),
    'delay': t.AfterProcessingTime(60),
    'repeatedly': t.Repeatedly(t.AfterCount(2)),
    'each': t.AfterEach(t.AfterCount(1), t.AfterCount(2)),
    'first': t.AfterAny(t.AfterCount(5), t.AfterProcessingTime(2)),
    'all': t.AfterAll(t.AfterCount(5), t.AfterProcessingTime(2)),
    'finally': t.OrFinally(t.Repeatedly(t.AfterCount(2)), t.AfterWatermark()),
}
WINDOW_FNS = {
    'global': w.GlobalWindows(),
    'fixed': w.FixedWindows(60, 7),
    'sliding': w.SlidingWindows(3600, 300, 60),
    'sessions': w.Sessions(1.5),
}


def trigger_hex(trigger):
    return trigger.to_runner_api(context).SerializeToString(deterministic=True).hex()


def window_fn(fn):
    spec = fn.to_runner_api(context)
    return [spec.urn, spec.payload.hex()]


print(
    json.dumps({
        'triggers': {name: trigger_hex(each) for name, each in TRIGGERS.items()},
        'windowFns': {name: window_fn(each) for name, each in WINDOW_FNS.items()},
    }))
