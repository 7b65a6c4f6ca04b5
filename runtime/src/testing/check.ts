import { PipelineAssertionError } from '../errors.ts';
import type { DoFn } from '../model/do-fn.ts';
import type { Counter } from '../model/metric.ts';
import type { ParDoParam } from '../model/par-do-param.ts';
import type { Reified } from '../transforms/reify.ts';
import type { Matcher } from './matcher.ts';

/** What an assertion that holds has to say. */
export interface Verdict {
  /** Its label; "assertThat" if it was given none. */
  readonly assertion: string;
  readonly verdict: 'holds';
  /** Its matcher: "containsInAnyOrder". */
  readonly matcher: string;
  /** Elements that it was judged by. */
  readonly elements: number;
}

/** An element, or none: one that stands for the PCollection itself, so that an empty one is judged too. */
export type Asserted<T> = readonly Reified<T>[];

/** Has a matcher judge all elements, which come as one. */
export class Check<T> implements DoFn<
  Iterable<Asserted<T>>,
  Verdict,
  { readonly passed: ParDoParam<Counter> }
> {
  readonly name = 'Check';
  readonly label: string;
  readonly matcher: Matcher<T>;

  constructor(label: string, matcher: Matcher<T>) {
    this.label = label;
    this.matcher = matcher;
  }

  async process(all: Iterable<Asserted<T>>, { passed }: { readonly passed: Counter }): Promise<Verdict[]> {
    const elements = [...all].flat();
    const { label, matcher } = this;
    const mismatch = await matcher.judge(elements);
    if (mismatch !== undefined) {
      const { summary, lines, cause } = mismatch;
      const which = label === '' ? 'Assertion' : `Assertion "${label}"`;
      throw new PipelineAssertionError([`${which} failed: ${summary}`, ...lines].join('\n'), { cause });
    }
    passed.increment();
    return [
      {
        assertion: label === '' ? 'assertThat' : label,
        verdict: 'holds',
        matcher: matcher.name,
        elements: elements.length,
      },
    ];
  }
}
