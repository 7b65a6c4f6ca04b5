import { create, toBinary } from '@bufbuild/protobuf';
import { PipelineError } from '../../errors.ts';
import { MAIN_TAG } from '../../model/applied-ptransform.ts';
import type { CoderTable } from '../coders/coders-to-proto.ts';
import {
  CombinePayloadSchema,
  FunctionSpecSchema,
  IsBounded_Enum,
  ParDoPayloadSchema,
  PCollectionSchema,
  PipelineSchema,
  PTransformSchema,
  type DisplayData,
  type Environment,
  type FunctionSpec,
  type PCollection,
  type Pipeline,
  type PTransform,
} from '../../proto/runner-api.ts';
import {
  StandardPTransforms_CombineComponentsUrn as COMBINE,
  StandardPTransforms_CompositesUrn as COMPOSITE,
  StandardPTransforms_PrimitivesUrn as PRIMITIVE,
} from '../../proto/urns.ts';
import { COMBINE_FN_URN, STEP_URN, type StepPayload } from '../step-payload.ts';
import { linkComposites } from './link-composites.ts';
import { PipelineCoders, type ElementForm } from './pipeline-coders.ts';
import { globalWindowing } from './windowing-strategy.ts';

/** Ids of the one environment and the one windowing strategy that there are. */
const ENVIRONMENT = 'node';
const WINDOWING = 'global';

/** What every transform has beside what it does. */
export interface PlacedTransform {
  /** Its full name, which is its id as well. */
  readonly id: string;
  /** The composite that it is a part of. */
  readonly parent: string | undefined;
  readonly about?: AboutTransform | undefined;
}

/** What is told of a transform, and changes nothing of what it does. */
export interface AboutTransform {
  readonly displayData: readonly DisplayData[];
  /** Texts by their keys. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A step and what it takes: a PCollection's id, or several by local name. */
export interface PlacedStep extends PlacedTransform {
  readonly payload: StepPayload;
  readonly input: string;
  /** Of its outputs, by tag. */
  readonly outputs: Readonly<Record<string, ElementForm>>;
  /** The ids of its outputs, by tag; `${id}.${tag}` where there is none. */
  readonly outputIds?: ReadonlyMap<string, string> | undefined;
}

/** Puts a portable pipeline together, transform by transform; producers come first. */
export class PipelineBuilder {
  readonly #transforms = new Map<string, PTransform>();
  readonly #parents = new Map<string, string | undefined>();
  readonly #pcollections = new Map<string, PCollection>();
  readonly #forms = new Map<string, ElementForm>();
  readonly #coders: PipelineCoders;

  constructor(table: CoderTable) {
    this.#coders = new PipelineCoders(table);
  }

  /** A name that no transform has: `id`, or with a number behind it. */
  free(id: string): string {
    let name = id;
    for (let number = 2; this.#transforms.has(name); number++) name = `${id} ${number}`;
    return name;
  }

  /** In which form the elements of a PCollection travel. */
  formOf(pcollection: string): ElementForm {
    const form = this.#forms.get(pcollection);
    if (form === undefined) {
      throw new RangeError(`Cannot read a PCollection as a step must make it first: received ${pcollection}`);
    }
    return form;
  }

  /** A transform that is made of others; its inputs and outputs follow from theirs. */
  composite(placed: PlacedTransform): string {
    return this.#add(placed, {});
  }

  /** One element of no bytes, which starts a root. */
  impulse(placed: PlacedTransform): string {
    const output = this.#pcollection(`${placed.id}.main`, 'bytes');
    this.#add(placed, { spec: spec(PRIMITIVE.IMPULSE), outputs: { main: output } });
    return output;
  }

  /** A step that our worker runs; gives the ids of its outputs, by tag. */
  step(placed: PlacedStep): ReadonlyMap<string, string> {
    const { id, payload, input, outputIds } = placed;
    const outputs = new Map(
      Object.entries(placed.outputs).map(([tag, form]) => [
        tag,
        this.#pcollection(outputIds?.get(tag) ?? `${id}.${tag}`, form),
      ]),
    );
    const doFn = spec(STEP_URN, textBytes(payload));
    this.#add(placed, {
      spec: spec(PRIMITIVE.PAR_DO, toBinary(ParDoPayloadSchema, create(ParDoPayloadSchema, { doFn }))),
      inputs: { in: input },
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

  /** Brings the values of each key together; gives the id of its output. */
  groupByKey(
    placed: PlacedTransform & { readonly input: string; readonly outputId?: string | undefined },
  ): string {
    const output = this.#pcollection(placed.outputId ?? `${placed.id}.main`, this.#grouped(placed.input));
    this.#add(placed, {
      spec: spec(PRIMITIVE.GROUP_BY_KEY),
      inputs: { in: placed.input },
      outputs: { main: output },
    });
    return output;
  }

  /**
   * Spreads { key, value } over all workers, as they are; gives the id of its output.
   *
   * Runners do it in their own way (Flink deals elements out, Prism only ends a stage); any other runs the parts.
   */
  reshuffle(placed: PlacedTransform & { readonly payload: StepPayload; readonly input: string }): string {
    const { id, payload, input } = placed;
    this.#add(placed, { spec: spec(COMPOSITE.RESHUFFLE) });
    const grouped = this.groupByKey({ id: `${id}/GroupByKey`, parent: id, input });
    return this.oneOutput({ id: `${id}/Ungroup`, parent: id, payload, input: grouped, output: 'kv' });
  }

  /** Puts PCollections of one form together; gives the id of its output. */
  flatten(
    placed: PlacedTransform & { readonly inputs: readonly string[]; readonly outputId: string },
  ): string {
    const [first] = placed.inputs;
    const output = this.#pcollection(placed.outputId, first === undefined ? 'value' : this.formOf(first));
    this.#add(placed, {
      spec: spec(PRIMITIVE.FLATTEN),
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
        combineFn: spec(COMBINE_FN_URN, textBytes(placed.payload)),
        accumulatorCoderId: this.#coders.idOf('value'),
      }),
    );
    this.#add(placed, { spec: spec(COMPOSITE.COMBINE_PER_KEY, payload), environmentId: ENVIRONMENT });
    const part = (name: string, urn: string, from: string, to = `${id}/${name}.main`) => {
      const output = this.#pcollection(to, 'kv');
      this.#add(
        { id: `${id}/${name}`, parent: id },
        {
          spec: spec(urn, payload),
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
    const windowing = globalWindowing({
      windowCoderId: this.#coders.idOf('globalWindow'),
      environmentId: ENVIRONMENT,
    });
    return create(PipelineSchema, {
      components: {
        transforms: Object.fromEntries(this.#transforms),
        pcollections: Object.fromEntries(this.#pcollections),
        windowingStrategies: { [WINDOWING]: windowing },
        coders: this.#coders.toProto(),
        environments: { [ENVIRONMENT]: rest.environment },
      },
      rootTransformIds: roots,
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

  #pcollection(id: string, form: ElementForm): string {
    if (this.#pcollections.has(id)) {
      throw nameTaken(id);
    }
    this.#forms.set(id, form);
    const pcollection = create(PCollectionSchema, {
      uniqueName: id,
      coderId: this.#coders.idOf(form),
      isBounded: IsBounded_Enum.BOUNDED,
      windowingStrategyId: WINDOWING,
    });
    this.#pcollections.set(id, pcollection);
    return id;
  }

  #grouped(input: string): ElementForm {
    const form = this.formOf(input);
    if (form === 'kv') return 'grouped';
    if (form === 'keyedBytes') return 'groupedBytes';
    throw new RangeError(`Cannot group ${input} as its elements must be keyed: received the form "${form}"`);
  }
}

function spec(urn: string, payload: Uint8Array = new Uint8Array()): FunctionSpec {
  return create(FunctionSpecSchema, { urn, payload });
}

/** Full names are unique; but one with a "/" in it can be that of a part which we add. */
function nameTaken(id: string): PipelineError {
  return new PipelineError(
    `Cannot make a job of the pipeline as its steps and their parts must have names of their own: received "${id}" twice`,
    { transform: id, hint: 'Give the step another name, without "/" or ".", by withName(name, transform)' },
  );
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, fn: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));
}

function textBytes(payload: StepPayload): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload));
}
