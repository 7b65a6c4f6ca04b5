import { toBinary } from '@bufbuild/protobuf';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { GLOBAL_WINDOWING } from '../../../../runtime/src/model/windowing-strategy.ts';
import { triggerToProto } from '../../../../runtime/src/portable/windowing/trigger-to-proto.ts';
import { windowFnFromProto } from '../../../../runtime/src/portable/windowing/window-fn-from-proto.ts';
import { windowFnToProto } from '../../../../runtime/src/portable/windowing/window-fn-to-proto.ts';
import { windowingToProto } from '../../../../runtime/src/portable/windowing/windowing-to-proto.ts';
import {
  AccumulationMode_Enum,
  ClosingBehavior_Enum,
  MergeStatus_Enum,
  OnTimeBehavior_Enum,
  OutputTime_Enum,
  TriggerSchema,
} from '../../../../runtime/src/proto/runner-api.ts';
import { PEERS_PYTHON } from '../../../support/peers.ts';
import { ROOT } from '../../../support/repository.ts';
import { testNeeding } from '../../../support/tools.ts';

const { triggers: t, windows: w } = beam;
const GLOBAL = { kind: 'global' } as const;
const IDS = { windowCoderId: 'windows', environmentId: 'node' };

/** The same as in windowing-protos.py. */
const TRIGGERS: Readonly<Record<string, beam.Trigger>> = {
  default: t.defaultTrigger(),
  always: t.always(),
  afterWatermark: t.afterWatermark(),
  both: t.afterWatermark({ early: t.afterCount(3), late: t.afterCount(1) }),
  delay: t.afterProcessingTime({ minutes: 1 }),
  repeatedly: t.repeatedly(t.afterCount(2)),
  each: t.afterEach(t.afterCount(1), t.afterCount(2)),
  first: t.afterFirst(t.afterCount(5), t.afterProcessingTime({ seconds: 2 })),
  all: t.afterAll(t.afterCount(5), t.afterProcessingTime({ seconds: 2 })),
  finally: t.orFinally(t.repeatedly(t.afterCount(2)), t.afterWatermark()),
};
const WINDOW_FNS: Readonly<Record<string, beam.WindowFn<unknown>>> = {
  global: w.global(),
  fixed: w.fixed({ minutes: 1 }, { offset: { seconds: 7 } }),
  sliding: w.sliding({ size: { hours: 1 }, period: { minutes: 5 }, offset: { minutes: 1 } }),
  sessions: w.sessions({ milliseconds: 1500 }),
};

testNeeding('peers')('triggers and WindowFns have the protos that Beam itself makes of them', () => {
  const script = path.join(ROOT, 'test/support/windowing-protos.py');
  const printed = execFileSync(PEERS_PYTHON, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const triggers = Object.entries(TRIGGERS).map(
    ([name, trigger]) => [name, hex(toBinary(TriggerSchema, triggerToProto(trigger)))] as const,
  );
  const windowFns = Object.entries(WINDOW_FNS).map(([name, { standard = GLOBAL }]) => {
    const { urn, payload } = windowFnToProto(standard);
    return [name, [urn, hex(payload)]] as const;
  });
  expect({ triggers: Object.fromEntries(triggers), windowFns: Object.fromEntries(windowFns) }).toEqual(
    JSON.parse(printed),
  );
});

test('triggerToProto() gives what Python has not: alignment, never, what follows processing time', () => {
  const trigger = t.afterProcessingTime({ seconds: 2 }, { alignTo: { period: { minutes: 1 }, offset: 5 } });
  expect(triggerToProto(trigger).trigger.value).toMatchObject({
    timestampTransforms: [
      { timestampTransform: { case: 'delay', value: { delayMillis: 2000n } } },
      { timestampTransform: { case: 'alignTo', value: { period: 60_000n, offset: 5n } } },
    ],
  });
  expect(triggerToProto(t.never()).trigger.case).toBe('never');
  expect(triggerToProto({ kind: 'afterSynchronizedProcessingTime' }).trigger.case).toBe(
    'afterSynchronizedProcessingTime',
  );
});

test.each(Object.entries(WINDOW_FNS))(
  'windowFnFromProto() makes %s windows that assign as they did',
  (_name, fn) => {
    const { standard } = fn;
    if (standard === undefined) throw new TypeError('it is one of Beam');
    const made = windowFnFromProto(windowFnToProto(standard));
    expect(made?.standard).toEqual(standard);
    for (const timestamp of [-3_600_001, -1, 0, 59_999, 66_999, 67_000]) {
      expect(made?.assign(timestamp, undefined)).toEqual(fn.assign(timestamp, undefined));
    }
  },
);

test('windowingToProto() says all of a strategy', () => {
  const windowing = {
    ...GLOBAL_WINDOWING,
    windowFn: w.sessions(1000),
    trigger: t.afterWatermark(),
    accumulationMode: 'accumulating',
    timestampCombiner: 'latest',
    allowedLateness: 5000,
    closingBehavior: 'fireAlways',
    onTimeBehavior: 'fireIfNonEmpty',
  } as const;
  expect(windowingToProto(windowing, IDS)).toMatchObject({
    ...IDS,
    windowFn: { urn: 'beam:window_fn:session_windows:v1' },
    mergeStatus: MergeStatus_Enum.NEEDS_MERGE,
    accumulationMode: AccumulationMode_Enum.ACCUMULATING,
    outputTime: OutputTime_Enum.LATEST_IN_PANE,
    allowedLateness: 5000n,
    closingBehavior: ClosingBehavior_Enum.EMIT_ALWAYS,
    onTimeBehavior: OnTimeBehavior_Enum.FIRE_IF_NONEMPTY,
    assignsToOneWindow: true,
  });
});

test('windowingToProto() has fixed windows stand for a WindowFn that no runner knows', () => {
  const windowFn = w.calendarMonths({ timeZone: 'Europe/Berlin' });
  expect(windowFn.standard).toBeUndefined();
  expect(windowingToProto({ ...GLOBAL_WINDOWING, windowFn }, IDS)).toMatchObject({
    windowFn: { urn: 'beam:window_fn:fixed_windows:v1' },
    mergeStatus: MergeStatus_Enum.NON_MERGING,
    assignsToOneWindow: false,
  });
});
