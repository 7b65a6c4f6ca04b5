import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import type { KV } from '../model/kv.ts';
import { counter } from '../model/metric.ts';
import type { PCollection } from '../model/pcollection.ts';
import { GLOBAL_WINDOWING } from '../model/windowing-strategy.ts';
import { create } from '../transforms/create.ts';
import { flatten } from '../transforms/flatten.ts';
import { parDo } from '../transforms/par-do.ts';
import { reify, type Reified } from '../transforms/reify.ts';
import { requirePCollection } from '../transforms/require-input.ts';
import { values } from '../transforms/values.ts';
import { windowInto } from '../transforms/window-into.ts';
import { global } from '../windowing/global-windows.ts';
import { Check, type Asserted, type Verdict } from './check.ts';
import type { Matcher } from './matcher.ts';
import { TestHost } from './test-host.ts';

/** What `assertThat` takes beside the matcher. */
export interface AssertOptions {
  /** What errors and the graph call it; need not be unique. */
  readonly label?: string;
}

/**
 * Expects the elements of a PCollection to be as a matcher says: `assertThat(counts, containsInAnyOrder([…]))`.
 *
 * It adds a check to the pipeline, as Beam does, and runs nothing: the check runs with the pipeline, on any runner, and
 * fails it with a PipelineAssertionError. All elements are judged together when there will be no more: those of all
 * windows and panes, also if there are none. Of an unbounded PCollection that is when its sources have ended.
 *
 * Cost: all elements in memory, in one place.
 *
 * @returns what it comes to, one element if it holds: as the last expression of a cell it runs and shows itself.
 * @throws {RangeError} if the label is empty or holds a "/".
 */
export function assertThat<T>(
  pcollection: PCollection<T>,
  matcher: Matcher<NoInfer<T>>,
  { label }: AssertOptions = {},
): PCollection<Verdict> {
  const input = requirePCollection(pcollection, 'assertThat');
  requireMatcher(matcher);
  requireLabel(label);
  requireOpen(input);
  return input.apply({
    name: label ?? 'assertThat',
    expand: (all) => check(all, new Check(label ?? '', matcher)),
  });
}

function check<T>(input: PCollection<T>, doFn: Check<T>): PCollection<Verdict> {
  const { pipeline } = input;
  const reified = input.apply(reify<T>());
  // In one window with one pane, at the end of all: what came early, on time or late comes together.
  const together =
    input.windowing === GLOBAL_WINDOWING ? reified : reified.apply(windowInto<Reified<T>>(global()));
  const marked = flatten<KV<null, Asserted<T>>>().expand([
    together.map(onOneKey<T>),
    pipeline.apply(create<KV<null, Asserted<T>>>([{ key: null, value: [] }])),
  ]);
  // As groupByKey(), but of an unbounded PCollection too, which it refuses: in a test, sources end.
  const { main: grouped } = pipeline.addPrimitive({
    label: 'GroupByKey',
    spec: { kind: 'groupByKey' },
    inputs: [marked],
  });
  return (grouped as PCollection<KV<null, Iterable<Asserted<T>>>>) // of what the flatten gives
    .apply(values<Iterable<Asserted<T>>>())
    .apply(parDo(doFn, { passed: counter('passed') }));
}

function onOneKey<T>(element: Reified<T>): KV<null, Asserted<T>> {
  return { key: null, value: [element] };
}

function requireMatcher(matcher: Matcher<never>): void {
  const received: unknown = matcher; // the types do not hold in plain JavaScript
  if (typeof received === 'object' && received !== null && 'judge' in received) return;
  const advice =
    typeof received === 'function'
      ? '; give satisfies(fn), or call the function that makes the matcher'
      : Array.isArray(received)
        ? '; give containsInAnyOrder([…])'
        : '';
  throw new TypeError(`Cannot assert as it takes a matcher: received ${describeValue(received)}${advice}`);
}

function requireLabel(label: unknown): void {
  if (label === undefined) return;
  if (typeof label === 'string' && label.trim() !== '' && !label.includes('/')) return;
  throw new RangeError(
    `Cannot label an assertion as its label must be a string that is not empty and holds no "/": received ${describeValue(label)}`,
  );
}

/** In a test pipeline that has begun to run nobody would judge it. */
function requireOpen({ pipeline }: PCollection<unknown>): void {
  if (!(pipeline.host instanceof TestHost) || pipeline.host.isOpen) return;
  throw new PipelineError(
    'Cannot assert as a test pipeline must have all of its assertions before it runs: received one after its function had returned',
    { hint: 'Await in the function what applies the assertion' },
  );
}
