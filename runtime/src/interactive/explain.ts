import {
  explanationBundle,
  explanationText,
  type ExplainedStep,
  type ExplanationView,
} from '../display/explanation-bundle.ts';
import { fragment } from '../graph/fragment.ts';
import { fullNames } from '../graph/names.ts';
import type { PCollection } from '../model/pcollection.ts';
import { environment } from './environment.ts';
import { titleOf } from './title-of.ts';

/** Why the steps of a PCollection were run or not: data, which shows itself as a table in a notebook and is text elsewhere. */
export class Explanation implements ExplanationView {
  readonly title: string;
  readonly askedAt: number | undefined;
  readonly steps: readonly ExplainedStep[];
  readonly savedMs: number;

  /** Use `explain`. */
  constructor({ title, askedAt, steps, savedMs }: ExplanationView) {
    this.title = title;
    this.askedAt = askedAt;
    this.steps = steps;
    this.savedMs = savedMs;
  }

  /** What a notebook shows. */
  [Symbol.for('Jupyter.display')](): Readonly<Record<string, unknown>> {
    return explanationBundle(this).data;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  toString(): string {
    return explanationText(this);
  }
}

/**
 * Says why each step of a PCollection was run, or was not, when it was last asked for, by itself or for what is made from
 * it, and how much time the cache saved; runs nothing.
 *
 * A request counts once it was answered. What a change is told against is the request before, in this process, of a step
 * with the same name in a pipeline with the same name.
 *
 * @throws {TypeError} if it is no PCollection.
 */
export function explain(pcollection: PCollection<unknown>): Explanation {
  const { transforms } = fragment([pcollection]);
  const record = environment.lastRequests.get(pcollection);
  const names = record?.names ?? fullNames(transforms);
  const steps = transforms.map((transform): ExplainedStep => {
    const name = names.get(transform) ?? transform.label;
    const decision = record?.decisions.get(transform);
    const stats = record?.steps[name];
    return {
      name,
      origin: decision?.origin ?? 'not asked',
      why: decision?.why ?? 'no request had it yet',
      elements: stats && Object.values(stats.elements).reduce((sum, count) => sum + count, 0),
      ms: stats?.ms,
      savedMs: decision?.costMs,
    };
  });
  // Entries of one run say the same time, to the fraction of a millisecond: it was spent once.
  const runs = new Set(steps.flatMap(({ savedMs }) => savedMs ?? []));
  return new Explanation({
    title: titleOf(pcollection),
    askedAt: record?.at,
    steps,
    savedMs: [...runs].reduce((sum, ms) => sum + ms, 0),
  });
}
