import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { fragment } from '../../../runtime/src/graph/fragment.ts';
import { fullNames } from '../../../runtime/src/graph/names.ts';
import { compute, type Materialised } from '../../../runtime/src/interactive/compute.ts';
import { InteractiveEnvironment } from '../../../runtime/src/interactive/environment.ts';
import { defaultOptions } from '../../../runtime/src/interactive/options.ts';
import type { PCollection } from '../../../runtime/src/model/pcollection.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { PerfectCache } from './cache-model/perfect-cache.ts';
import {
  build,
  KINDS,
  modelOf,
  pick,
  type ModelPCollection,
  type ModelStep,
  type PipelineSpec,
  type StepSpec,
} from './cache-model/pipeline-model.ts';
import { countCalls } from './cache-model/step-functions.ts';

const index = fc.nat({ max: 30 });
/** From the end, as what was written last is what one looks at. */
const target = fc.oneof(fc.constant(0), index);
const numbers = fc.array(fc.nat({ max: 99 }), { maxLength: 12 });
const stepSpec: fc.Arbitrary<StepSpec> = fc.record({
  kind: fc.constantFrom(...KINDS),
  version: fc.nat({ max: 9 }),
  k: fc.nat({ max: 3 }),
  helper: fc.nat({ max: 2 }),
  windows: fc.nat({ max: 3 }),
  input: index,
  other: index,
});

/** What happens between two requests. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('step' as const), at: index, to: fc.oneof(
    fc.record({ version: fc.nat({ max: 9 }) }),
    fc.record({ k: fc.nat({ max: 3 }) }),
    fc.record({ helper: fc.nat({ max: 2 }) }),
    fc.record({ windows: fc.nat({ max: 3 }) }),
  ) }), // prettier-ignore
  fc.record({ kind: fc.constant('lines' as const), lines: numbers }),
  fc.record({ kind: fc.constant('created' as const), created: numbers }),
  fc.record({ kind: fc.constant('order' as const), order: fc.nat({ max: 5 }) }),
  fc.record({ kind: fc.constant('append' as const), step: stepSpec }),
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({ kind: fc.constant('nothing' as const) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

const request = fc.oneof(
  // What was looked at is asked for again, and all of it: head, then collect.
  { weight: 2, arbitrary: fc.constant({ targets: undefined, limit: undefined }) },
  { weight: 5, arbitrary: fc.record({ targets: fc.array(target, { minLength: 1, maxLength: 2 }), limit: fc.constant(undefined) }) }, // prettier-ignore
  { weight: 2, arbitrary: fc.record({ targets: fc.tuple(target), limit: fc.integer({ min: 0, max: 4 }) }) },
);

function edited(spec: PipelineSpec, change: Edit): PipelineSpec {
  switch (change.kind) {
    case 'step': {
      const at = change.at % spec.steps.length;
      return { ...spec, steps: spec.steps.map((step, i) => (i === at ? { ...step, ...change.to } : step)) };
    }
    case 'lines':
      return { ...spec, lines: change.lines };
    case 'created':
      return { ...spec, created: change.created };
    case 'order':
      return { ...spec, order: change.order };
    case 'append':
      return { ...spec, steps: [...spec.steps, change.step] };
    case 'restart':
    case 'nothing':
      return spec;
  }
}

/** Elements with windows, timestamps and panes, as texts that can be compared in any order. */
function texts({ windowed }: Materialised): readonly string[] {
  return windowed.map(({ value, ...rest }) => JSON.stringify({ value: inOrder(value), ...rest })).sort();
}

/** The values of a group have no order. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('value' in value)) return value;
  return Array.isArray(value.value) ? { ...value, value: (value.value as unknown[]).toSorted() } : value;
}

/** All of `few` that `many` has not, counting how often each is there. */
function without(few: readonly string[], many: readonly string[]): readonly string[] {
  const left = [...many];
  return few.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Calls that `steps` make, by label. */
function callsOf(
  steps: ReadonlySet<ModelStep>,
  elements: (pcollection: ModelPCollection) => number,
): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const {
    label,
    inputs: [input],
  } of steps) {
    // prettier-ignore
    if (label === undefined || input === undefined) continue;
    const count = elements(input);
    if (count > 0) calls.set(label, (calls.get(label) ?? 0) + count);
  }
  return calls;
}

interface Asked {
  readonly targets: readonly ModelPCollection[];
  readonly model: readonly ModelPCollection[];
  readonly order: number;
  readonly limit?: number | undefined;
}

/** Builds the pipeline anew, as a cell that is run again does, and asks. */
async function ask({ targets, model, order, limit }: Asked, environment: InteractiveEnvironment) {
  const built = build(model, order);
  const of = (each: ModelPCollection): PCollection<unknown> => {
    const pcollection = built.get(each);
    if (pcollection === undefined)
      throw new TypeError('Cannot ask as the model must be built: received another');
    return pcollection;
  };
  const calls = countCalls();
  const answers = await compute(targets.map(of), {
    environment,
    elements: limit ?? Infinity,
    limit,
    windowInfo: true,
    signal: new AbortController().signal,
  });
  const names = fullNames(fragment(targets.map(of)).transforms);
  const steps = answers[0]?.steps ?? {};
  /** Elements in a PCollection of the run. */
  const elements = (each: ModelPCollection) =>
    steps[names.get(of(each).producer) ?? '']?.elements[each.tag] ?? NaN;
  return { answers, calls, elements };
}

test('compute() answers as without a cache after any edits, and calls nothing that a perfect cache spares', async () => {
  const folder = await temporaryFolder();
  const uncached = new InteractiveEnvironment({ ...defaultOptions(), enableCaching: false });
  let sequences = 0;
  let spared = 0;
  let made = 0;
  const sequence = fc.record({
    created: numbers,
    lines: numbers,
    steps: fc.array(stepSpec, { minLength: 1, maxLength: 7 }),
    requests: fc.array(fc.tuple(edit, request), { minLength: 2, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(sequence, async ({ requests, ...start }) => {
      const id = sequences++;
      const file = join(folder, `${id}.txt`);
      const open = () =>
        new InteractiveEnvironment({ ...defaultOptions(), cacheRoot: join(folder, `${id}`) });
      let environment = open();
      const perfect = new PerfectCache();
      let spec: PipelineSpec = { ...start, order: 0 };
      let last = [0];
      for (const [change, { targets: wanted, limit }] of requests) {
        spec = edited(spec, change);
        if (change.kind === 'restart') environment = open();
        await writeFile(file, spec.lines.map((line) => `${line}\n`).join(''));
        const model = modelOf(spec, file);
        last = wanted ?? last;
        const targets = last.map((at) => pick(model.toReversed(), at));
        const { order } = spec;

        const whole = await ask({ targets, model, order }, uncached);
        const all = new PerfectCache().missing(targets);
        expect(whole.calls).toEqual(callsOf(all, whole.elements));

        const isThere = targets.map((target) => perfect.has(target));
        const steps = perfect.missing(targets);
        const most = callsOf(steps, whole.elements);
        const { answers, calls } = await ask({ targets, model, order, limit }, environment);
        for (const [i, answer] of answers.entries()) {
          const right = whole.answers[i];
          if (right === undefined) throw new TypeError('compute() gave too many answers');
          if (limit === undefined) expect(texts(answer)).toEqual(texts(right));
          expect(answer.values.length).toBe(Math.min(limit ?? Infinity, right.values.length));
          expect(without(texts(answer), texts(right))).toEqual([]);
          if (answer.total !== undefined) expect(answer.total).toBe(right.total);
          if (isThere[i] === true) expect(answer.origin).toBe('cache');
        }
        if (limit === undefined) expect(calls).toEqual(most);
        for (const [label, count] of calls) {
          expect(count, `calls of ${label}`).toBeLessThanOrEqual(most.get(label) ?? 0);
        }
        perfect.answered(targets, { steps, limit });
        expect(environment.takeNotices()).toEqual([]);
        spared += all.size - steps.size;
        made += steps.size;
      }
    }),
    { numRuns: 500 },
  );
  expect(spared).toBeGreaterThan(made / 5); // the sequences ask often enough for what is kept
}, 240_000);
