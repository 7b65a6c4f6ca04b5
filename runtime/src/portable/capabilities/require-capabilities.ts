import { PipelineError } from '../../errors.ts';
import type { Fragment } from '../../graph/fragment.ts';
import type { AppliedPTransform } from '../../model/applied-ptransform.ts';
import { describeValue } from '../../model/describe-value.ts';
import { rowText, type Capability } from './capability.ts';
import { requiredCapabilities } from './required-capabilities.ts';
import { RUNNERS, type RunnerName } from './runner-capabilities.ts';

/** A runner lacks what is asked of it: refused before anything is submitted. */
export class MissingCapabilityError extends PipelineError {}

/** Runners that Beam has and that we do not submit to yet. */
const NOT_YET: Readonly<Record<string, string>> = {
  dataflow: 'Google Cloud Dataflow',
  spark: "Spark's portable runner",
  samza: "Samza's portable runner",
  direct: 'a direct runner',
};

/** What the refused runners are to be replaced by. */
const HINT =
  "Take 'prism' or 'flink'; 'portable' submits to any other runner that has Beam's Job API, by its endpoint";

/**
 * The runner that a name means.
 *
 * @throws {MissingCapabilityError} for a runner of Beam that we do not submit to yet, by its name.
 * @throws {TypeError} for anything else.
 */
export function requireRunner(name: unknown): RunnerName {
  if (typeof name === 'string') {
    if (Object.hasOwn(RUNNERS, name)) return name as RunnerName; // it is one of their names
    const plain = name.toLowerCase().replace(/[^a-z]|runner$/g, '');
    const known = Object.hasOwn(NOT_YET, plain) ? NOT_YET[plain] : undefined;
    if (plain === 'embedded' || plain === 'interactive') {
      throw new MissingCapabilityError(
        `Cannot promote as a job runs outside of the notebook: received the runner "${name}"`,
        { hint: 'Look at the PCollection itself, or call collect(), to run it here' },
      );
    }
    if (known !== undefined) {
      throw new MissingCapabilityError(
        `Cannot promote as the runner must be ${Object.keys(RUNNERS).join(', ')}: received "${name}", and ${known} is not supported yet`,
        { hint: HINT },
      );
    }
  }
  throw new TypeError(
    `Cannot promote as the runner must be ${Object.keys(RUNNERS).join(', ')}: received ${describeValue(name)}`,
  );
}

/**
 * Sees to it that a runner has all that a fragment needs, before anything is submitted.
 *
 * @throws {MissingCapabilityError} names the transform, and the row of Beam's capability matrix.
 */
export function requireCapabilities(
  fragment: Fragment,
  { runner, names }: { readonly runner: RunnerName; readonly names: ReadonlyMap<AppliedPTransform, string> },
): void {
  for (const [capability, transform] of requiredCapabilities(fragment)) {
    requireCapability(runner, capability, names.get(transform) ?? transform.label);
  }
}

/**
 * Sees to it that a runner has one thing.
 *
 * @param what What needs it: a transform's full name, or the name of an action on a job.
 * @throws {MissingCapabilityError}
 */
export function requireCapability(runner: RunnerName, capability: Capability, what: string): void {
  const { title, lacks } = RUNNERS[runner];
  const why = lacks[capability];
  if (why === undefined) return;
  throw new MissingCapabilityError(
    `Cannot run "${what}" on ${title} as it needs ${rowText(capability)}: ${why}`,
    {
      transform: what,
      hint: 'Run it here, or on a runner whose column of the capability matrix has this row',
    },
  );
}
