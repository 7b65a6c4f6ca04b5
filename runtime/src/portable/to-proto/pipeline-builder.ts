import { create, toBinary } from '@bufbuild/protobuf';
import { MAIN_TAG } from '../../model/applied-ptransform.ts';
import { continuationTrigger } from '../../model/trigger.ts';
import { GLOBAL_WINDOWING, type WindowingStrategy } from '../../model/windowing-strategy.ts';
import type { CoderTable } from '../coders/coders-to-proto.ts';
import {
  CombinePayloadSchema,
  FunctionSpecSchema,
  ParDoPayloadSchema,
  PipelineSchema,
  PTransformSchema,
  SideInputSchema,
  StateSpecSchema,
  TimeDomain_Enum,
  TimerFamilySpecSchema,
  WindowIntoPayloadSchema,
  type DisplayData,
  type Environment,
  type FunctionSpec,
  type Pipeline,
  type PTransform,
  type SideInput,
} from '../../proto/runner-api.ts';
import {
  StandardPTransforms_CombineComponentsUrn as COMBINE,
  StandardPTransforms_CompositesUrn as COMPOSITE,
  StandardPTransforms_PrimitivesUrn as PRIMITIVE,
  StandardRequirements_EnumUrn as REQUIREMENT,
  StandardSideInputTypes_EnumUrn as ACCESS,
  StandardUserStateTypes_EnumUrn as USER_STATE,
} from '../../proto/urns.ts';
import {
  COMBINE_FN_URN,
  STEP_URN,
  VIEW_FN_URN,
  WINDOW_MAPPING_FN_URN,
  type StepPayload,
} from '../step-payload.ts';
import { windowKind } from '../windowing/windowing-to-proto.ts';
import { windowFnToProto } from '../windowing/window-fn-to-proto.ts';
import { linkComposites } from './link-composites.ts';
import { PipelineCoders, type ElementForm } from './pipeline-coders.ts';
import { nameTaken, PipelinePCollections, type ElementTraits } from './pipeline-pcollections.ts';
import type { KeyedSpecs } from './translate-state.ts';
import { PipelineWindowing } from './pipeline-windowing.ts';

/** Id of the one environment that there is. */
const ENVIRONMENT = 'node';

const TIME_DOMAINS = {
  eventTime: TimeDomain_Enum.EVENT_TIME,
  processingTime: TimeDomain_Enum.PROCESSING_TIME,
} as const;

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
  /** Ids of the PCollections that it looks at, by name. */
  readonly sideInputs?: ReadonlyMap<string, string> | undefined;
  /** Of its outputs, by tag. */
  readonly outputs: Readonly<Record<string, ElementForm>>;
  /** The ids of its outputs, by tag; `${id}.${tag}` where there is none. */
  readonly outputIds?: ReadonlyMap<string, string> | undefined;
  /** What its outputs have in common; as its input where it is not said. */
  readonly traits?: Partial<ElementTraits> | undefined;
  /** Its work for one element can be cut: runners ask for it in parts. */
  readonly isSplittable?: boolean | undefined;
  /** It asks to be called when its bundles are committed. */
  readonly hasFinalizer?: boolean | undefined;
  /** It keeps state by key: its input has to be a KV. */
  readonly keyed?: KeyedSpecs | undefined;
}

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
    const { id, payload, input, outputIds, traits } = placed;
    const outputs = new Map(
      Object.entries(placed.outputs).map(([tag, form]) => [
        tag,
        this.#pcollection(outputIds?.get(tag) ?? `${id}.${tag}`, { like: input, form, ...traits }),
      ]),
    );
    const doFn = functionSpec(STEP_URN, textBytes(payload));
    const restrictionCoderId = placed.isSplittable === true ? this.#coders.idOf('value') : '';
    if (placed.isSplittable === true) this.#requirements.add(REQUIREMENT.REQUIRES_SPLITTABLE_DOFN);
    const requestsFinalization = placed.hasFinalizer === true;
    if (requestsFinalization) this.#requirements.add(REQUIREMENT.REQUIRES_BUNDLE_FINALIZATION);
    const side = placed.sideInputs ?? new Map<string, string>();
    const sideInputs = Object.fromEntries(Array.from(side.keys(), (name) => [name, sideInputProto()]));
    const keyed = placed.keyed && this.#keyedSpecs(placed.keyed, input);
    const parDo = create(ParDoPayloadSchema, {
      doFn,
      restrictionCoderId,
      sideInputs,
      requestsFinalization,
      ...keyed,
    });
    this.#add(placed, {
      spec: functionSpec(PRIMITIVE.PAR_DO, toBinary(ParDoPayloadSchema, parDo)),
      inputs: { in: input, ...Object.fromEntries(side) },
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

  /** All state is bags on the wire: every runner has these. */
  #keyedSpecs({ states, timers }: KeyedSpecs, input: string) {
    this.#requirements.add(REQUIREMENT.REQUIRES_STATEFUL_PROCESSING);
    const elementCoderId = this.#coders.idOf('value');
    const { windowing } = this.#pcollections.of(input);
    const timerFamilyCoderId = this.#coders.idOf(
      windowKind(windowing) === 'global' ? 'globalTimer' : 'intervalTimer',
    );
    return {
      stateSpecs: Object.fromEntries(
        states.map((name) => [
          name,
          create(StateSpecSchema, {
            spec: { case: 'bagSpec', value: { elementCoderId } },
            protocol: functionSpec(USER_STATE.BAG),
          }),
        ]),
      ),
      timerFamilySpecs: Object.fromEntries(
        Array.from(timers, ([name, domain]) => [
          name,
          create(TimerFamilySpecSchema, { timerFamilyCoderId, timeDomain: TIME_DOMAINS[domain] }),
        ]),
      ),
    };
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

/** What a transform, or a function of one, is. */
export function functionSpec(urn: string, payload: Uint8Array = new Uint8Array()): FunctionSpec {
  return create(FunctionSpecSchema, { urn, payload });
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, fn: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));
}

/** A payload of ours, as it travels. */
export function textBytes(payload: StepPayload): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload));
}

/** Read as a list of elements; what the user sees of them, our worker makes. */
function sideInputProto(): SideInput {
  return create(SideInputSchema, {
    accessPattern: functionSpec(ACCESS.ITERABLE),
    viewFn: functionSpec(VIEW_FN_URN),
    windowMappingFn: functionSpec(WINDOW_MAPPING_FN_URN),
  });
}
