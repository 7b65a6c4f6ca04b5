import { ForeignPCollectionError } from '../errors.ts';
import { MAIN_TAG, type AppliedPTransform, type PrimitiveSpec } from './applied-ptransform.ts';
import type { DistributionResult } from './metric.ts';
import type { QueryableMetrics } from './metric-results.ts';
import { PCollection } from './pcollection.ts';
import { givenName, type Applicable, type PTransform, type PValue } from './ptransform.ts';
import { requireApplicable, requireApplied } from './require-applicable.ts';
import { requireSplittable } from './require-splittable.ts';
import { asksForState } from './is-stateful.ts';
import { takeSideInputs } from './side-input.ts';

/** What a run of a whole pipeline came to. */
export interface PipelineResult {
  readonly state: 'DONE' | 'FAILED' | 'CANCELLED';
  /** Counters by full transform name, then by their own name; the other metrics likewise. */
  readonly counters: ByTransform<number>;
  readonly distributions: ByTransform<DistributionResult>;
  /** The latest values. */
  readonly gauges: ByTransform<number>;
  readonly stringSets: ByTransform<readonly string[]>;
  /** The same, asked for by name or step. Of a run that is done all is committed that was attempted. */
  readonly metrics: QueryableMetrics;
}

/** Values by full transform name, then by their own. */
export type ByTransform<V> = Readonly<Record<string, Readonly<Record<string, V>>>>;

/** What a run of a whole pipeline, here and now, takes. */
export interface RunHereOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that groups, state and side inputs may hold in memory before they spill: `ib.options.memoryBudget` unless told. */
  readonly memoryBudget?: number | undefined;
}

/** Who runs and shows pipelines; the model only describes them. */
export interface PipelineHost {
  run(pipeline: Pipeline, options: RunHereOptions): Promise<PipelineResult>;
  display(pcollection: PCollection<unknown>): Promise<Record<string, unknown>>;
}

/** What addPrimitive needs. */
export interface PrimitiveOptions {
  readonly label: string;
  /** The name that the user gave, by withName. */
  readonly name?: string | undefined;
  readonly spec: PrimitiveSpec;
  readonly inputs: readonly PCollection<unknown>[];
}

type MutableNode = { -readonly [K in keyof AppliedPTransform]: AppliedPTransform[K] };

/** A graph of PTransforms under construction. It only grows: running a cell again adds its steps once more. */
export class Pipeline {
  readonly name: string;
  readonly host: PipelineHost;
  readonly #nodes: MutableNode[] = [];
  readonly #scopes: MutableNode[] = [];
  #nextId = 1;

  /** Use `pipeline(name)`. */
  constructor(name: string, host: PipelineHost) {
    this.name = name;
    this.host = host;
  }

  /** Applies a root: `p.apply(beam.create([1, 2, 3]))`. */
  apply<O>(transform: PTransform<Pipeline, O>): O;
  // As in PCollection: a union would hide a generic function's type parameters.
  // eslint-disable-next-line @typescript-eslint/unified-signatures
  apply<O>(transform: (input: Pipeline) => O): O;
  apply<O>(transform: Applicable<Pipeline, O>): O {
    return this.applyTo<Pipeline, O>(this, transform);
  }

  /** Runs all of it, here and now; what a script calls. In a notebook, look at a PCollection instead. */
  run(options: RunHereOptions = {}): Promise<PipelineResult> {
    return this.host.run(this, options);
  }

  /** All nodes, primitive and composite, in the order of application: an input's producer always comes before. */
  get transforms(): readonly AppliedPTransform[] {
    return this.#nodes;
  }

  /** Applies `transform` to `input`; PCollection.apply, Pipeline.apply and P() come here. */
  applyTo<I, O>(input: I, transform: Applicable<I, O>): O {
    requireApplicable(transform);
    const isFunction = typeof transform === 'function';
    const given = givenName(transform);
    const label = given ?? (transform.name === '' ? 'Apply' : transform.name);
    const node = this.#node({
      label,
      isNamed: given !== undefined,
      spec: undefined,
      inputs: pcollectionsOf(input),
      sideInputs: new Map(),
    });
    const before = this.#nodes.length;
    this.#nodes.push(node);
    this.#scopes.push(node);
    let output: O;
    try {
      output = isFunction ? transform(input) : transform.expand(input);
      requireApplied(output, label);
    } catch (error) {
      this.#nodes.length = before;
      throw error;
    } finally {
      this.#scopes.pop();
    }
    node.outputs = outputsOf(output);
    this.#collapse(node, before);
    return output;
  }

  /** Adds a node that the engine runs; its outputs are "main" and the spec's tags. Transforms call this. */
  addPrimitive(options: PrimitiveOptions): Readonly<Record<string, PCollection<unknown>>> & {
    readonly main: PCollection<unknown>;
  } {
    const { label, name, inputs } = options;
    const { spec, sideInputs } = withoutSideInputs(options.spec);
    const node = this.#node({ label: name ?? label, isNamed: name !== undefined, spec, inputs, sideInputs });
    const main = new PCollection<unknown>(this, node, MAIN_TAG);
    const outputs: Record<string, PCollection<unknown>> & { main: typeof main } = { main };
    if (spec.kind === 'parDo') {
      for (const tag of spec.tags) outputs[tag] = new PCollection<unknown>(this, node, tag);
    }
    node.outputs = new Map(Object.entries(outputs));
    requireKeyed(node);
    requireSplittable(node);
    this.#nodes.push(node);
    return outputs;
  }

  #node(
    fields: Pick<AppliedPTransform, 'label' | 'isNamed' | 'spec' | 'inputs' | 'sideInputs'>,
  ): MutableNode {
    for (const input of [...fields.inputs, ...fields.sideInputs.values()]) {
      if (input.pipeline !== this) {
        throw new ForeignPCollectionError(`apply "${fields.label}"`, this.name, input.pipeline.name);
      }
    }
    const appliedAt: { stack?: string } = {};
    // Deep composites put many frames of ours between here and the user's line.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 50;
    Error.captureStackTrace(appliedAt);
    Error.stackTraceLimit = stackTraceLimit;
    return {
      ...fields,
      id: `t${this.#nextId++}`,
      parent: this.#scopes.at(-1),
      outputs: new Map(),
      appliedAt,
    };
  }

  /** A composite of one primitive is that primitive, under the composite's name. */
  #collapse(composite: MutableNode, at: number): void {
    const [only, ...others] = this.#nodes.slice(at + 1);
    if (only === undefined || others.length > 0 || only.spec === undefined) return;
    if ([...composite.outputs.values()].some((output) => output.producer !== only)) return;
    this.#nodes.splice(at, 1);
    only.parent = composite.parent;
    if (!only.isNamed) {
      only.label = composite.label;
      only.isNamed = composite.isNamed;
    }
  }

  /** How Node prints it, in a log or within another value. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  toString(): string {
    return `Pipeline "${this.name}"`;
  }
}

/** State and timers are for a parDo, whose windows do not merge. */
function requireKeyed({ spec, label, inputs }: AppliedPTransform): void {
  if (spec === undefined || !('context' in spec) || !asksForState(spec.context)) return;
  if (spec.kind !== 'parDo') {
    throw new TypeError(
      `Cannot apply "${label}" as state and timers are for a DoFn: received them in the context of ${spec.kind}; use parDo()`,
    );
  }
  if (inputs.some(({ windowing }) => windowing.windowFn.merge !== undefined)) {
    throw new RangeError(
      `Cannot apply "${label}" as windows must not merge where state is kept: received merging windows; group by key before, or put it into other windows`,
    );
  }
}

function withoutSideInputs(spec: PrimitiveSpec): Pick<AppliedPTransform, 'sideInputs'> & {
  readonly spec: PrimitiveSpec;
} {
  if (!('context' in spec)) return { spec, sideInputs: new Map() };
  const { context, sideInputs } = takeSideInputs(spec.context);
  return { spec: { ...spec, context }, sideInputs };
}

function pcollectionsOf(value: unknown): readonly PCollection<unknown>[] {
  if (value instanceof PCollection) return [value];
  if (typeof value !== 'object' || value === null || value instanceof Pipeline) return [];
  return Object.values(value).filter((part) => part instanceof PCollection);
}

function outputsOf(value: unknown): ReadonlyMap<string, PCollection<unknown>> {
  if (value instanceof PCollection) return new Map([[MAIN_TAG, value]]);
  if (typeof value !== 'object' || value === null || value instanceof Pipeline) return new Map();
  return new Map(Object.entries(value).filter((entry) => entry[1] instanceof PCollection));
}

/** Several PCollections as one input: `P([a, b]).apply(beam.flatten())`. The name is Beam's. */
export function P<I extends PValue>(
  input: I,
): {
  apply<O>(transform: PTransform<I, O>): O;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as in PCollection
  apply<O>(transform: (input: I) => O): O;
} {
  return {
    apply<O>(transform: Applicable<I, O>): O {
      const pipeline = input instanceof Pipeline ? input : pcollectionsOf(input)[0]?.pipeline;
      if (pipeline === undefined) {
        throw new TypeError('Cannot apply a transform as its input must hold a PCollection: received none');
      }
      return pipeline.applyTo(input, transform);
    },
  };
}
