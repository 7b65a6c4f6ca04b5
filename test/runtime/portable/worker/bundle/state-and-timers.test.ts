import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { GLOBAL_WINDOW_CODER } from '../../../../../runtime/src/coders/global-window.ts';
import { InputBytes } from '../../../../../runtime/src/coders/input-bytes.ts';
import { KeyCoder } from '../../../../../runtime/src/coders/key-coder.ts';
import { KVCoder } from '../../../../../runtime/src/coders/kv.ts';
import { OutputBytes } from '../../../../../runtime/src/coders/output-bytes.ts';
import { TimerCoder, type Timer } from '../../../../../runtime/src/coders/timer.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import * as beam from '../../../../../runtime/src/index.ts';
import { StateRequestSchema, StateResponseSchema } from '../../../../../runtime/src/proto/fn-api.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';
import { BundleRunner, encodeAll } from '../../../../support/bundle-runner.ts';

const VALUE = new ValueCoder();
const KV = new KVCoder(new KeyCoder(), VALUE);
const TIMER = new TimerCoder(new KeyCoder(), GLOBAL_WINDOW_CODER);

type Pair = beam.KV<string, number>;

const context = {
  seen: beam.bagState<number>(),
  sum: beam.valueState<number>(),
  flush: beam.eventTimeTimer(),
};

/** Keeps what comes, and emits it when its timer fires; a negative value clears the timer. */
const doFn: beam.DoFn<Pair, unknown, typeof context> = {
  process({ value }, { seen, sum, flush }) {
    seen.add(value);
    sum.write((sum.read() ?? 0) + value);
    if (value < 0) flush.clear();
    else flush.set(value * 1000);
  },
  *onTimer({ key, name, fireTimestamp }, { seen, sum }) {
    yield { key, name, fireTimestamp, seen: [...seen.read()], sum: sum.read() };
    seen.clear();
  },
};

/** A worker of it, and the state that its runner keeps: by name and key, as bytes. */
function statefulRunner() {
  const stored = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const runner = new BundleRunner(
    { step: { kind: 'parDo', doFn, context, tags: [] } },
    {
      answerState(bytes) {
        const { stateKey, request } = fromBinary(StateRequestSchema, bytes);
        if (stateKey?.type.case !== 'bagUserState') throw new TypeError('not user state');
        const { userStateId, key } = stateKey.type.value;
        const id = `${userStateId} ${Buffer.from(key).toString('hex')}`;
        asked.push(`${request.case} ${userStateId}`);
        const now = stored.get(id) ?? new Uint8Array();
        if (request.case === 'append') stored.set(id, Buffer.concat([now, request.value.data]));
        if (request.case === 'clear') stored.delete(id);
        const response =
          request.case === 'get'
            ? ({ case: 'get', value: { data: now } } as const)
            : ({ case: request.case, value: {} } as { case: 'append'; value: object });
        return toBinary(StateResponseSchema, create(StateResponseSchema, { response }));
      },
    },
  );
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', KV)
      .step(
        'Step',
        { kind: 'spec', name: 'Step', export: 'step' },
        { from: 'in', to: { main: 'out' }, coder: VALUE, states: ['seen', 'sum'], timers: ['flush'] },
      )
      .sink('sink', 'out', VALUE)
      .build(),
  );
  return { runner, asked };
}

const timer = (key: string, fireTimestamp: number): Timer<unknown> => ({
  userKey: key,
  dynamicTimerTag: '',
  windows: [beam.GLOBAL_WINDOW],
  clearBit: false,
  fireTimestamp,
  holdTimestamp: fireTimestamp,
  pane: beam.NO_FIRING,
});

/** Runs a bundle of elements and timers that are due, and gives what came out, and the timers that it set. */
async function bundle(
  runner: BundleRunner,
  id: string,
  { input = [], due = [] }: { readonly input?: readonly Pair[]; readonly due?: readonly Timer<unknown>[] },
) {
  runner.begin(id);
  runner.data(id, encodeAll(input, KV));
  const bytes = new OutputBytes();
  for (const each of due) TIMER.encode(each, bytes);
  const place = { transformId: 'Step', timerFamilyId: 'flush' };
  const all = bytes.take();
  for (const [at] of all.entries()) runner.data(id, all.slice(at, at + 1), { ...place, isLast: false });
  runner.data(id, new Uint8Array(), place);
  await runner.response(id);
  const set = runner.said.flatMap((message) =>
    message.kind === 'output' && message.instructionId === id && message.timerFamilyId !== undefined
      ? [message]
      : [],
  );
  expect(set.map(({ isLast }) => isLast).at(-1)).toBe(true);
  const from = new InputBytes(Buffer.concat(set.map((message) => message.bytes)));
  const timers: Timer<unknown>[] = [];
  while (from.left > 0) timers.push(TIMER.decode(from));
  return {
    out: runner.output(id, 'sink', VALUE).map(({ value, timestamp }) => ({ value, timestamp })),
    timers,
  };
}

test('state is read once in a bundle, when it is asked for, and written at its end', async () => {
  const { runner, asked } = statefulRunner();
  const pairs = [1, 2].map((value) => ({ key: 'a', value }));
  const first = await bundle(runner, '1', { input: pairs });
  expect(first.timers).toEqual([timer('a', 1000), timer('a', 2000)]);
  expect(asked).toEqual(['get sum', 'append seen', 'clear sum', 'append sum']);
  asked.length = 0;
  const second = await bundle(runner, '2', { input: [{ key: 'ü', value: 5 }], due: [timer('a', 2000)] });
  expect(second.out).toEqual([
    { value: { key: 'a', name: 'flush', fireTimestamp: 2000, seen: [1, 2], sum: 3 }, timestamp: 2000 },
  ]);
  expect(asked).toContain('clear seen');
  const third = await bundle(runner, '3', { due: [timer('a', 3000)] });
  expect(third.out.map(({ value }) => value)).toEqual([
    { key: 'a', name: 'flush', fireTimestamp: 3000, seen: [], sum: 3 },
  ]);
});

test('a timer that the bundle itself has set again or cleared does not fire as it was', async () => {
  const { runner } = statefulRunner();
  const { out, timers } = await bundle(runner, '1', {
    input: [
      { key: 'a', value: 9 },
      { key: 'b', value: -1 },
    ],
    due: [timer('a', 1000), timer('b', 1000), timer('c', 1000)],
  });
  expect(out.map(({ value }) => (value as { readonly key: string }).key)).toEqual(['c']);
  expect(timers.map(({ userKey, clearBit }) => [userKey, clearBit])).toEqual([
    ['a', false],
    ['b', true],
  ]);
});
