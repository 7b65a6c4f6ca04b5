import { create, toBinary } from '@bufbuild/protobuf';

import type { Coder } from '../../runtime/src/coders/coder.ts';
import { GLOBAL_WINDOW_CODER } from '../../runtime/src/coders/global-window.ts';
import { KeyCoder } from '../../runtime/src/coders/key-coder.ts';
import { TimerCoder } from '../../runtime/src/coders/timer.ts';
import { ValueCoder } from '../../runtime/src/coders/value-coder.ts';
import { WindowedValueCoder } from '../../runtime/src/coders/windowed-value.ts';
import type { BoundedWindow } from '../../runtime/src/model/window.ts';
import { GLOBAL_WINDOWING } from '../../runtime/src/model/windowing-strategy.ts';
import { CoderTable } from '../../runtime/src/portable/coders/coders-to-proto.ts';
import { windowingToProto } from '../../runtime/src/portable/windowing/windowing-to-proto.ts';
import { COMBINE_FN_URN, STEP_URN, type StepPayload } from '../../runtime/src/portable/step-payload.ts';
import {
  ProcessBundleDescriptorSchema,
  RemoteGrpcPortSchema,
  type ProcessBundleDescriptor,
} from '../../runtime/src/proto/fn-api.ts';
import {
  CombinePayloadSchema,
  ParDoPayloadSchema,
  PCollectionSchema,
  PTransformSchema,
  SideInputSchema,
  StateSpecSchema,
  TimerFamilySpecSchema,
  type PCollection,
  type PTransform,
} from '../../runtime/src/proto/runner-api.ts';

/** Builds a ProcessBundleDescriptor as a runner does: a source, steps, sinks. */
export class DescriptorBuilder {
  readonly #id: string;
  readonly #windows: Coder<BoundedWindow>;
  readonly #coders = new CoderTable();
  readonly #transforms: Record<string, PTransform> = {};
  readonly #pcollections: Record<string, PCollection> = {};

  /** @param options.windows The coder of the windows that elements come and go in. */
  constructor(
    id = 'stage',
    { windows = GLOBAL_WINDOW_CODER }: { readonly windows?: Coder<BoundedWindow> } = {},
  ) {
    this.#id = id;
    this.#windows = windows;
  }

  /** A data source that makes `pcollection`. */
  source(transformId: string, pcollection: string, coder: Coder): this {
    this.#pcollection(pcollection, coder);
    return this.#port(transformId, 'source', { outputs: { out: pcollection }, coder });
  }

  /** A data sink that takes `pcollection`. */
  sink(transformId: string, pcollection: string, coder: Coder): this {
    return this.#port(transformId, 'sink', { inputs: { in: pcollection }, coder });
  }

  /** A ParDo of ours. */
  step(
    transformId: string,
    payload: StepPayload,
    io: {
      readonly from: string;
      readonly to: Readonly<Record<string, string>>;
      readonly coder: Coder;
      /** PCollections that it looks at, by name. */
      readonly sides?: Readonly<Record<string, string>>;
      /** Names of its bags of state, whose values are of the value coder, and of its event-time timers. */
      readonly states?: readonly string[];
      readonly timers?: readonly string[];
    },
  ): this {
    const { sides = {}, states = [], timers = [] } = io;
    for (const id of [...Object.values(io.to), ...Object.values(sides)]) this.#pcollection(id, io.coder);
    const sideInputs = Object.fromEntries(Object.keys(sides).map((name) => [name, create(SideInputSchema)]));
    const doFn = { urn: STEP_URN, payload: encoded(payload) };
    return this.transform(transformId, 'beam:transform:pardo:v1', {
      inputs: { in: io.from, ...sides },
      outputs: { ...io.to },
      payload: toBinary(
        ParDoPayloadSchema,
        create(ParDoPayloadSchema, { doFn, sideInputs, ...this.#keyed(states, timers) }),
      ),
    });
  }

  /** A part of a combine: "merge_accumulators". */
  combine(
    transformId: string,
    part: string,
    payload: StepPayload,
    io: { readonly from: string; readonly to: string; readonly coder: Coder },
  ): this {
    this.#pcollection(io.to, io.coder);
    const combineFn = { urn: COMBINE_FN_URN, payload: encoded(payload) };
    return this.transform(transformId, `beam:transform:combine_per_key_${part}:v1`, {
      inputs: { in: io.from },
      outputs: { out: io.to },
      payload: toBinary(CombinePayloadSchema, create(CombinePayloadSchema, { combineFn })),
    });
  }

  /** A PCollection, of a transform that does not add it. */
  pcollection(id: string, coder: Coder): this {
    this.#pcollection(id, coder);
    return this;
  }

  /** Any transform. */
  transform(
    transformId: string,
    urn: string,
    {
      inputs,
      outputs,
      payload = new Uint8Array(),
    }: {
      readonly inputs: Record<string, string>;
      readonly outputs: Record<string, string>;
      readonly payload?: Uint8Array;
    },
  ): this {
    const spec = { urn, payload };
    this.#transforms[transformId] = create(PTransformSchema, {
      uniqueName: transformId,
      spec,
      inputs,
      outputs,
    });
    return this;
  }

  build(): ProcessBundleDescriptor {
    return create(ProcessBundleDescriptorSchema, {
      id: this.#id,
      transforms: this.#transforms,
      pcollections: this.#pcollections,
      windowingStrategies: {
        // What comes in other windows is not looked at here.
        global: windowingToProto(GLOBAL_WINDOWING, {
          windowCoderId: this.#coders.add(GLOBAL_WINDOW_CODER),
          environmentId: '',
        }),
      },
      coders: this.#coders.toProto(),
    });
  }

  #keyed(states: readonly string[], timers: readonly string[]) {
    const elementCoderId = this.#coders.add(new ValueCoder());
    const timerFamilyCoderId = this.#coders.add(new TimerCoder(new KeyCoder(), this.#windows));
    return {
      stateSpecs: Object.fromEntries(
        states.map((name) => [
          name,
          create(StateSpecSchema, { spec: { case: 'bagSpec', value: { elementCoderId } } }),
        ]),
      ),
      timerFamilySpecs: Object.fromEntries(
        timers.map((name) => [name, create(TimerFamilySpecSchema, { timerFamilyCoderId })]),
      ),
    };
  }

  #pcollection(id: string, coder: Coder): void {
    this.#pcollections[id] = create(PCollectionSchema, {
      uniqueName: id,
      coderId: this.#coders.add(coder),
      windowingStrategyId: 'global',
    });
  }

  #port(
    transformId: string,
    kind: 'source' | 'sink',
    {
      inputs = {},
      outputs = {},
      coder,
    }: {
      readonly inputs?: Record<string, string>;
      readonly outputs?: Record<string, string>;
      readonly coder: Coder;
    },
  ): this {
    const coderId = this.#coders.add(new WindowedValueCoder(coder, this.#windows));
    const payload = toBinary(RemoteGrpcPortSchema, create(RemoteGrpcPortSchema, { coderId }));
    return this.transform(transformId, `beam:runner:${kind}:v1`, { inputs, outputs, payload });
  }
}

function encoded(payload: StepPayload): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload));
}
