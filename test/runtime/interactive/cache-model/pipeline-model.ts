import { createHash } from 'node:crypto';
import * as beam from '../../../../runtime/src/index.ts';
import {
  COMBINES,
  FILTERS,
  FLAT_MAPS,
  HELPERS,
  MAPS,
  parse,
  SIDES,
  SPLITS,
  stamp,
  total,
  valueOf,
  withKey,
  type Looked,
} from './step-functions.ts';

/** A step that the generator asks for; whole numbers are taken modulo what there is to choose from. */
export interface StepSpec {
  readonly kind: (typeof KINDS)[number];
  /** Which version of its code. */
  readonly version: number;
  /** A captured value. */
  readonly k: number;
  /** Which version of the helper that it captures. */
  readonly helper: number;
  /** Which windows, of a step that assigns some. */
  readonly windows: number;
  /** Which of the PCollections before it. */
  readonly input: number;
  /** The other branch of a flatten, or the side input. */
  readonly other: number;
}

export const KINDS = [
  'map',
  'filter',
  'flatMap',
  'combine',
  'group',
  'flatten',
  'side',
  'split',
  'windowInto',
] as const;

/** All that a notebook holds at a moment. */
export interface PipelineSpec {
  /** Elements of its `create`. */
  readonly created: readonly number[];
  /** Lines of its input file. */
  readonly lines: readonly number[];
  readonly steps: readonly StepSpec[];
  /** In which order cells are evaluated, beside that inputs come first. */
  readonly order: number;
}

const WINDOWS = [
  { name: 'global', fn: beam.windows.global() },
  { name: 'fixed 5', fn: beam.windows.fixed({ seconds: 5 }) },
  { name: 'fixed 60', fn: beam.windows.fixed({ seconds: 60 }) },
  { name: 'sessions 3', fn: beam.windows.sessions({ seconds: 3 }) },
] as const;

// The element types are the generator's care: number, but for what goes into and comes out of groupings.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyPCollection = beam.PCollection<any>;

/** A step of the model: what a cache must compare, and how it is applied. */
export interface ModelStep {
  /** Two with the same key have the same elements; made from the spec alone. */
  readonly key: string;
  readonly inputs: readonly ModelPCollection[];
  readonly isShuffle: boolean;
  /** Under which label its function counts its calls, one for each element of the first input. */
  readonly label: string | undefined;
  readonly tags: readonly string[];
  /** The keys of its outputs, in the order of `tags`. */
  readonly outputKeys: readonly string[];
  readonly apply: (pipeline: beam.Pipeline, inputs: readonly AnyPCollection[]) => readonly AnyPCollection[];
}

export interface ModelPCollection {
  readonly step: ModelStep;
  readonly tag: string;
  readonly key: string;
  readonly windows: string;
}

/** All PCollections that a spec has, in the order of its text. */
export function modelOf(spec: PipelineSpec, file: string): readonly ModelPCollection[] {
  const all: ModelPCollection[] = [];
  const add = (step: {
    readonly parameters: readonly unknown[];
    readonly inputs: readonly ModelPCollection[];
    readonly apply: (inputs: readonly AnyPCollection[], pipeline: beam.Pipeline) => AnyPCollection | readonly AnyPCollection[]; // prettier-ignore
    readonly label?: string;
    readonly isShuffle?: boolean;
    readonly tags?: readonly string[];
    readonly windows?: string;
  }): readonly ModelPCollection[] => {
    const { inputs, tags = ['main'], isShuffle = false, label } = step;
    const key = hash([step.parameters, inputs.map((input) => input.key)]);
    const outputKeys = tags.map((tag) => hash([key, tag]));
    const made: ModelStep = {
      key,
      inputs,
      isShuffle,
      label,
      tags,
      outputKeys,
      apply: (pipeline, applied) => [step.apply(applied, pipeline)].flat(),
    };
    const windows = step.windows ?? inputs[0]?.windows ?? 'global';
    const outputs = tags.map((tag, index) => ({ step: made, tag, key: must(outputKeys[index]), windows }));
    all.push(...outputs);
    return outputs;
  };
  /** Sources and steps, whose elements are numbers: what later steps can take. */
  const numbers: ModelPCollection[] = [];
  const keep = (outputs: readonly ModelPCollection[]) => void numbers.push(...outputs);
  const stamped = (inputs: readonly ModelPCollection[]) =>
    add({
      parameters: ['stamp'],
      inputs,
      label: 'stamp',
      apply: ([input]) => must(input).apply(beam.assignTimestamps(stamp)),
    });
  keep(
    stamped(
      add({
        parameters: ['create', spec.created],
        inputs: [],
        apply: (_, pipeline) => pipeline.apply(beam.create(spec.created)),
      }),
    ),
  );
  const lines = add({
    parameters: ['read', spec.lines],
    inputs: [],
    apply: (_, pipeline) => pipeline.apply(beam.io.readFromText(file)),
  });
  keep(
    stamped(
      add({
        parameters: ['parse'],
        inputs: lines,
        label: 'parse',
        apply: ([input]) => must(input).map(parse),
      }),
    ),
  );
  for (const step of spec.steps) {
    const input = pick(numbers, step.input);
    const other = pick(numbers, step.other);
    const captured = { k: step.k, helper: pick(HELPERS, step.helper) };
    /** A function in its version, and what a cache compares of it. */
    const versionOf = <F>(
      versions: readonly {
        readonly code: string;
        readonly captures: readonly ('k' | 'helper')[];
        readonly make: (from: typeof captured) => F;
      }[],
    ) => {
      // prettier-ignore
      const { code, captures, make } = pick(versions, step.version);
      const values = { k: step.k, helper: step.helper % HELPERS.length };
      return {
        fn: () => make(captured),
        label: code,
        parameters: [code, ...captures.map((name) => [name, values[name]])],
      };
    };
    switch (step.kind) {
      case 'map': {
        const { fn, ...rest } = versionOf(MAPS);
        keep(add({ ...rest, inputs: [input], apply: ([main]) => must(main).map(fn()) }));
        break;
      }
      case 'filter': {
        const { fn, ...rest } = versionOf(FILTERS);
        keep(add({ ...rest, inputs: [input], apply: ([main]) => must(main).filter(fn()) }));
        break;
      }
      case 'flatMap': {
        const { fn, ...rest } = versionOf(FLAT_MAPS);
        keep(add({ ...rest, inputs: [input], apply: ([main]) => must(main).flatMap(fn()) }));
        break;
      }
      case 'split': {
        const { fn, ...rest } = versionOf(SPLITS);
        const apply = ([main]: readonly AnyPCollection[]) => {
          const outputs = must(main).apply(beam.parDo(fn()).withOutputs('other'));
          return [outputs.main, outputs.other];
        };
        keep(add({ ...rest, inputs: [input], tags: ['main', 'other'], apply }));
        break;
      }
      case 'combine':
      case 'group': {
        const modulus = pick([1, 3, 300], step.k);
        const keyed = add({
          parameters: ['withKey', modulus],
          inputs: [input],
          label: 'withKey',
          apply: ([main]) => must(main).map(withKey(modulus)),
        });
        if (step.kind === 'group') {
          const grouped = add({
            parameters: ['group'],
            inputs: keyed,
            isShuffle: true,
            apply: ([main]) => must(main).apply(beam.groupByKey()),
          });
          keep(add({ parameters: ['total'], inputs: grouped, label: 'total', apply: ([main]) => must(main).map(total) })); // prettier-ignore
        } else {
          const { fn, ...rest } = versionOf(COMBINES);
          const combined = add({
            ...rest,
            inputs: keyed,
            isShuffle: true,
            apply: ([main]) => must(main).apply(beam.combinePerKey(fn())),
          });
          keep(add({ parameters: ['valueOf'], inputs: combined, label: 'valueOf', apply: ([main]) => must(main).map(valueOf) })); // prettier-ignore
        }
        break;
      }
      case 'flatten': {
        // Branches in other windows cannot be flattened: the same one is taken twice then.
        const branches = [input, other.windows === input.windows ? other : input];
        keep(add({ parameters: ['flatten'], inputs: branches, apply: (applied) => beam.P(applied).apply(beam.flatten()) })); // prettier-ignore
        break;
      }
      case 'side': {
        // Windows that merge are none to look up a side input by: it is looked at in the global window then.
        const { fn, ...rest } = versionOf(SIDES);
        const isMerging = (each: ModelPCollection) => each.windows.startsWith('sessions');
        const main = isMerging(input) ? must(numbers[0]) : input;
        const side = other.windows === main.windows && !isMerging(other) ? other : must(numbers[0]);
        const apply = ([first, second]: readonly AnyPCollection[]) => {
          const look = fn();
          return must(first).map(lookAt(look), { side: beam.listSideInput(must(second)) });
        };
        keep(add({ ...rest, inputs: [main, side], apply }));
        break;
      }
      case 'windowInto': {
        const { name, fn } = pick(WINDOWS, step.windows);
        keep(add({ parameters: ['windowInto', name], inputs: [input], windows: name, apply: ([main]) => must(main).apply(beam.windowInto(fn)) })); // prettier-ignore
        break;
      }
    }
  }
  return all;
}

/** Passes a side input by its value. */
const lookAt =
  (fn: (x: number, side: Looked) => number) =>
  (x: number, { side }: { readonly side: Looked }) =>
    fn(x, side);

/** Applies the steps as the spec orders its cells; what they make, by model. */
export function build(
  model: readonly ModelPCollection[],
  order: number,
): ReadonlyMap<ModelPCollection, AnyPCollection> {
  const pipeline = beam.pipeline('model');
  const applied = new Map<ModelStep, ReadonlyMap<string, AnyPCollection>>();
  const apply = (step: ModelStep): ReadonlyMap<string, AnyPCollection> => {
    const known = applied.get(step);
    if (known !== undefined) return known;
    const inputs = step.inputs.map(({ step: producer, tag }) => must(apply(producer).get(tag)));
    const outputs = step.apply(pipeline, inputs);
    const byTag = new Map(step.tags.map((tag, index) => [tag, must(outputs[index])]));
    applied.set(step, byTag);
    return byTag;
  };
  const shuffled = model.map((each, index) => ({ each, at: hash([order, index]) }));
  if (order > 0) shuffled.sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const { each } of shuffled) apply(each.step);
  return new Map(model.map((each) => [each, must(apply(each.step).get(each.tag))]));
}

export function pick<T>(from: readonly T[], index: number): T {
  return must(from[index % from.length]);
}

function must<T>(value: T | undefined): T {
  if (value === undefined)
    throw new TypeError('Cannot build a model as it must have all parts: received one without');
  return value;
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
