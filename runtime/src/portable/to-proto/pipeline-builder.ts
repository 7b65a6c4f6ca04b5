import { create, toBinary } from '@bufbuild/protobuf';
import { MAIN_TAG } from '../../model/applied-ptransform.ts';
import { continuationTrigger } from '../../model/trigger.ts';
import { GLOBAL_WINDOWING, type WindowingStrategy } from '../../model/windowing-strategy.ts';
import type { CoderTable } from '../coders/coders-to-proto.ts';
import {
  CombinePayloadSchema,
  PipelineSchema,
  PTransformSchema,
  WindowIntoPayloadSchema,
  type DisplayData,
  type Environment,
  type FunctionSpec,
  type Pipeline,
  type PTransform,
} from '../../proto/runner-api.ts';
import {
  StandardPTransforms_CombineComponentsUrn as COMBINE,
  StandardPTransforms_CompositesUrn as COMPOSITE,
  StandardPTransforms_PrimitivesUrn as PRIMITIVE,
} from '../../proto/urns.ts';
import { COMBINE_FN_URN, type StepPayload } from '../step-payload.ts';
import { windowFnToProto } from '../windowing/window-fn-to-proto.ts';
import { functionSpec, textBytes } from './function-spec.ts';
import { linkComposites } from './link-composites.ts';
import { parDoPayload } from './par-do-payload.ts';
import { PipelineCoders, type ElementForm } from './pipeline-coders.ts';
import { nameTaken, PipelinePCollections, type ElementTraits } from './pipeline-pcollections.ts';
import type { PlacedStep, PlacedTransform } from './placed.ts';
import { PipelineWindowing } from './pipeline-windowing.ts';

/** Id of the one environment that there is. */
const ENVIRONMENT = 'node';

/** In the global window, and of a known number: what an impulse gives. */
const OF_IMPULSE: ElementTraits = { windowing: GLOBAL_WINDOWING, isBounded: true };

/**
 * How a reshuffle groups: what comes goes on at once, with the earliest timestamp of its group, so that the watermark
 * never passes what is still under way.
 */
export const AT_ONCE: WindowingStrategy = {
  ...GLOBAL_WINDOWING,
  trigger: { kind: 'always' },
  timestampCombiner: 'earliest',
};

/** Puts a portable pipeline together, transform by transform; producers come first. */
export class PipelineBuilder {
  readonly #transforms = new Map<string, PTransform>();
  readonly #parents = new Map<string, string | undefined>();
  readonly #requirements = new Set<string>();
  /** PCollections that splittable steps take. */
  readonly #split = new Set<string>();
  readonly #coders: PipelineCoders;
  readonly #windowing: PipelineWindowing;
  readonly #pcollections: PipelinePCollections;

  constructor(table: CoderTable) {
    this.#coders = new PipelineCoders(table);
    this.#windowing = new PipelineWindowing(this.#coders, ENVIRONMENT);
    this.#pcollections = new PipelinePCollections(this.#coders, this.#windowing);
  }

  /** A name that no transform has: `id`, or with a number behind it. */
  free(id: string): string {
    let name = id;
    for (let number = 2; this.#transforms.has(name); number++) name = `${id} ${number}`;
    return name;
  }

  /** True once for each PCollection: for the first splittable step that takes it. */
  isFirstToSplit(pcollection: string): boolean {
    const isFirst = !this.#split.has(pcollection);
    this.#split.add(pcollection);
    return isFirst;
  }

  /** In which form the elements of a PCollection travel. */
  formOf(pcollection: string): ElementForm {
    return this.#pcollections.of(pcollection).form;
  }

  /**
   * A transform that is made of others; its inputs and outputs follow from theirs.
   *
   * @param placed.urn Of a composite that runners may know, and do in their own way.
   */
  composite({ urn, ...placed }: PlacedTransform & { readonly urn?: string | undefined }): string {
    return this.#add(placed, urn === undefined ? {} : { spec: functionSpec(urn) });
  }

  /** One element of no bytes, which starts a root. */
  impulse(placed: PlacedTransform): string {
    const output = this.#pcollections.add(`${placed.id}.main`, { form: 'bytes', ...OF_IMPULSE });
    this.#add(placed, { spec: functionSpec(PRIMITIVE.IMPULSE), outputs: { main: output } });
    return output;
  }

  /**
   * Events that a runner plays: elements that are bytes; gives the id of its output.
   *
   * @param placed.payload Makes a TestStreamPayload, whose elements are of a coder with this id.
   */
  testStream(placed: PlacedTransform & { readonly payload: (coderId: string) => Uint8Array }): string {
    const traits = { ...OF_IMPULSE, isBounded: false };
    const output = this.#pcollections.add(`${placed.id}.main`, { form: 'bytes', ...traits });
    this.#add(placed, {
      spec: functionSpec(PRIMITIVE.TEST_STREAM, placed.payload(this.#coders.idOf('bytes'))),
      outputs: { main: output },
    });
    return output;
  }

  /** A step that our worker runs; gives the ids of its outputs, by tag. */
  step(placed: PlacedStep): ReadonlyMap<string, string> {
    const { id, input, outputIds, traits } = placed;
    const outputs = new Map(
      Object.entries(placed.outputs).map(([tag, form]) => [
        tag,
        this.#pcollection(outputIds?.get(tag) ?? `${id}.${tag}`, { like: input, form, ...traits }),
      ]),
    );
    const { windowing } = this.#pcollections.of(input);
    const { payload, requirements } = parDoPayload(placed, { coders: this.#coders, windowing });
    for (const requirement of requirements) this.#requirements.add(requirement);
    this.#add(placed, {
      spec: functionSpec(PRIMITIVE.PAR_DO, payload),
      inputs: { in: input, ...Object.fromEntries(placed.sideInputs ?? []) },
      outputs: Object.fromEntries(outputs),
      environmentId: ENVIRONMENT,
    });
    return outputs;
  }

  /** A step with one output; gives its id. */
  oneOutput(
    placed: Omit<PlacedStep, 'outputs' | 'outputIds'> & {
      readonly output: ElementForm;
      readonly outputId?: string | undefined;
    },
  ): string {
    const { output, outputId = `${placed.id}.${MAIN_TAG}` } = placed;
    this.step({ ...placed, outputs: { [MAIN_TAG]: output }, outputIds: new Map([[MAIN_TAG, outputId]]) });
    return outputId;
  }

  /** Puts each element in the windows of another strategy: our worker does; gives the id of its output. */
  windowInto(
    placed: PlacedTransform & {
      readonly windowFn: FunctionSpec;
      readonly input: string;
      readonly outputId?: string | undefined;
      readonly windowing: WindowingStrategy;
    },
  ): string {
    const { id, windowFn, input, outputId = `${id}.main`, windowing } = placed;
    const { form } = this.#pcollections.of(input);
    const output = this.#pcollection(outputId, { like: input, form, windowing });
    const payload = create(WindowIntoPayloadSchema, { windowFn });
    this.#add(placed, {
      spec: functionSpec(PRIMITIVE.ASSIGN_WINDOWS, toBinary(WindowIntoPayloadSchema, payload)),
      inputs: { in: input },
      outputs: { main: output },
      environmentId: ENVIRONMENT,
    });
    return output;
  }

  /** Brings the values of each key together; gives the id of its output. */
  groupByKey(
    placed: PlacedTransform & { readonly input: string; readonly outputId?: string | undefined },
  ): string {
    const { windowing } = this.#pcollections.of(placed.input);
    const output = this.#pcollection(placed.outputId ?? `${placed.id}.main`, {
      like: placed.input,
      form: this.#grouped(placed.input),
      windowing: { ...windowing, trigger: continuationTrigger(windowing.trigger) },
    });
    this.#add(placed, {
      spec: functionSpec(PRIMITIVE.GROUP_BY_KEY),
      inputs: { in: placed.input },
      outputs: { main: output },
    });
    return output;
  }

  /**
   * Spreads { key, value } of the global window over all workers, as they are; gives the id of its output.
   *
   * Runners do it in their own way (Flink deals elements out, Prism only ends a stage); any other runs the parts, where an
   * element may get an earlier timestamp.
   */
  reshuffle(placed: PlacedTransform & { readonly payload: StepPayload; readonly input: string }): string {
    const { id, payload, input } = placed;
    const { windowing } = this.#pcollections.of(input);
    this.#add(placed, { spec: functionSpec(COMPOSITE.RESHUFFLE) });
    const windowFn = windowFnToProto({ kind: 'global' });
    const free = this.windowInto({ id: `${id}/AtOnce`, parent: id, windowFn, input, windowing: AT_ONCE });
    const grouped = this.groupByKey({ id: `${id}/GroupByKey`, parent: id, input: free });
    const traits = { windowing };
    return this.oneOutput({ id: `${id}/Ungroup`, parent: id, payload, input: grouped, output: 'kv', traits });
  }

  /** Puts PCollections of one form together; gives the id of its output. */
  flatten(
    placed: PlacedTransform & { readonly inputs: readonly string[]; readonly outputId: string },
  ): string {
    const inputs = placed.inputs.map((input) => this.#pcollections.of(input));
    const { form, windowing } = inputs[0] ?? { form: 'value' as const, windowing: GLOBAL_WINDOWING };
    const isBounded = inputs.every((input) => input.isBounded);
    const output = this.#pcollections.add(placed.outputId, { form, windowing, isBounded });
    this.#add(placed, {
      spec: functionSpec(PRIMITIVE.FLATTEN),
      inputs: Object.fromEntries(placed.inputs.map((input, index) => [`in${index + 1}`, input])),
      outputs: { main: output },
      // A runner may put it in a stage of ours (Flink, and Prism where coders differ).
      environmentId: ENVIRONMENT,
    });
    return output;
  }

  /**
   * Combines the values of each key, and gives the id of the output.
   *
   * A runner that knows combine_per_key replaces the whole of it (Prism); any other runs the parts (Flink): inputs are
   * added up before the shuffle, and accumulators are merged after it. So its input has to be a KV already.
   */
  combinePerKey(
    placed: PlacedTransform & {
      readonly payload: StepPayload;
      readonly input: string;
      readonly outputId: string;
    },
  ): string {
    const { id, input } = placed;
    const payload = toBinary(
      CombinePayloadSchema,
      create(CombinePayloadSchema, {
        combineFn: functionSpec(COMBINE_FN_URN, textBytes(placed.payload)),
        accumulatorCoderId: this.#coders.idOf('value'),
      }),
    );
    this.#add(placed, { spec: functionSpec(COMPOSITE.COMBINE_PER_KEY, payload), environmentId: ENVIRONMENT });
    const part = (name: string, urn: string, from: string, to = `${id}/${name}.main`) => {
      const output = this.#pcollection(to, { like: from, form: 'kv' });
      this.#add(
        { id: `${id}/${name}`, parent: id },
        {
          spec: functionSpec(urn, payload),
          inputs: { in: from },
          outputs: { main: output },
          environmentId: ENVIRONMENT,
        },
      );
      return output;
    };
    const lifted = part('Precombine', COMBINE.COMBINE_PER_KEY_PRECOMBINE, input);
    const grouped = this.groupByKey({ id: `${id}/GroupByKey`, parent: id, input: lifted });
    const merged = part('Merge', COMBINE.COMBINE_PER_KEY_MERGE_ACCUMULATORS, grouped);
    return part('Extract', COMBINE.COMBINE_PER_KEY_EXTRACT_OUTPUTS, merged, placed.outputId);
  }

  /** The whole of it, with what is added to the pipeline itself. */
  build(rest: { readonly environment: Environment; readonly displayData: readonly DisplayData[] }): Pipeline {
    const roots = linkComposites(this.#transforms, this.#parents);
    const pcollections = this.#pcollections.toProto();
    return create(PipelineSchema, {
      components: {
        transforms: Object.fromEntries(this.#transforms),
        pcollections,
        windowingStrategies: this.#windowing.toProto(),
        coders: this.#coders.toProto(),
        environments: { [ENVIRONMENT]: rest.environment },
      },
      rootTransformIds: roots,
      requirements: [...this.#requirements],
      displayData: [...rest.displayData],
    });
  }

  #add(placed: PlacedTransform, fields: Partial<Omit<PTransform, '$typeName' | '$unknown'>>): string {
    const { id, parent, about } = placed;
    if (this.#transforms.has(id)) {
      throw nameTaken(id);
    }
    this.#transforms.set(
      id,
      create(PTransformSchema, {
        uniqueName: id,
        displayData: [...(about?.displayData ?? [])],
        annotations: mapValues(about?.annotations ?? {}, (text) => new TextEncoder().encode(text)),
        ...fields,
      }),
    );
    this.#parents.set(id, parent);
    return id;
  }

  /** A PCollection that is like another one, but for what is said. */
  #pcollection(
    id: string,
    { like, ...own }: Partial<ElementTraits> & { readonly like: string; readonly form: ElementForm },
  ): string {
    return this.#pcollections.add(id, { ...this.#pcollections.of(like), ...own });
  }

  #grouped(input: string): ElementForm {
    const form = this.formOf(input);
    if (form === 'kv') return 'grouped';
    if (form === 'keyedBytes') return 'groupedBytes';
    throw new RangeError(`Cannot group ${input} as its elements must be keyed: received the form "${form}"`);
  }
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, fn: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));
}
