import type { Stage } from '../graph/plan.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import { SystemClock, TestClock, type Clock } from './clock.ts';
import type { Groups } from './groups/groups.ts';
import { BoundedInput } from './inputs/bounded-input.ts';
import type { BundleSource, ReadProgress } from './inputs/bundle-source.ts';
import { GroupsInput } from './inputs/groups-input.ts';
import { readRoot } from './inputs/read-root.ts';
import { SplittableInput } from './inputs/splittable-input.ts';
import { TestStreamInput } from './inputs/test-stream-input.ts';
import { UnboundedInput } from './inputs/unbounded-input.ts';
import type { ElementSource } from './run.ts';
import { SplittableElements } from './splittable/splittable-elements.ts';

/** The clock of a run: a test stream's own, where there is one. */
export function clockFor(stages: readonly Stage[]): Clock {
  const hasTestStream = stages.some(
    ({ input }) => input.kind === 'root' && input.transform.spec?.kind === 'testStream',
  );
  return hasTestStream ? new TestClock() : new SystemClock();
}

/** What opening an input needs beside the stage. */
export interface OpenInputOptions {
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  /** By PCollection id. */
  readonly inputs: ReadonlyMap<string, ElementSource>;
  /** By transform id. */
  readonly groups: ReadonlyMap<string, Groups>;
  readonly clock: Clock;
  readonly progress: ReadProgress;
}

/** Where the bundles of a stage come from. */
export function openInput({ input, head }: Stage, options: OpenInputOptions): BundleSource {
  const { clock, progress } = options;
  switch (input.kind) {
    case 'input': {
      const source = options.inputs.get(head.id);
      if (source === undefined) {
        throw new RangeError(`Cannot run as the PCollection ${head.id} must have a source: received none`);
      }
      return new BoundedInput((to, signal) => source.read(to.receive, signal));
    }
    case 'held':
    case 'shuffle': {
      const groups = options.groups.get(input.transform.id);
      // One that no stage writes to has no input: a groupByKey after an empty flatten.
      if (groups === undefined) return new BoundedInput(() => Promise.resolve());
      if (groups instanceof SplittableElements) return new SplittableInput(groups);
      return new GroupsInput(groups);
    }
    case 'root': {
      const { transform } = input;
      const { spec } = transform;
      const name = options.names.get(transform) ?? transform.label;
      if (spec?.kind === 'readUnbounded') return new UnboundedInput(spec.source, { name, clock });
      if (spec?.kind === 'testStream') return new TestStreamInput(spec.events, requireTestClock(clock));
      return new BoundedInput((to, signal) => readRoot(spec, to, { name, signal, progress }));
    }
  }
}

function requireTestClock(clock: Clock): TestClock {
  if (clock instanceof TestClock) return clock;
  throw new TypeError('Cannot play a test stream as the run must have a clock of its own: received another');
}
