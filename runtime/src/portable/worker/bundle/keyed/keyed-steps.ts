import { fromBinary } from '@bufbuild/protobuf';

import type { Coder } from '../../../../coders/coder.ts';
import { KeyIdentity } from '../../../../coders/key-identity.ts';
import { KVCoder } from '../../../../coders/kv.ts';
import { TimerCoder, type Timer } from '../../../../coders/timer.ts';
import { PipelineError } from '../../../../errors.ts';
import type { DueTimer, UserState } from '../../../../executor/state/user-state.ts';
import type { AppliedPTransform } from '../../../../model/applied-ptransform.ts';
import type { Timestamp } from '../../../../model/timestamp.ts';
import type { BoundedWindow } from '../../../../model/window.ts';
import type { ProcessBundleDescriptor } from '../../../../proto/fn-api.ts';
import { ParDoPayloadSchema, type ParDoPayload } from '../../../../proto/runner-api.ts';
import { StandardPTransforms_PrimitivesUrn as PrimitiveUrn } from '../../../../proto/urns.ts';
import type { BundleChannel, InputPart } from '../bundle-processor.ts';
import type { BundlePlan } from '../bundle-plan.ts';
import type { StateAccess, StateKeyType } from '../state-reader.ts';
import { RunnerUserState } from './runner-user-state.ts';
import { TimerChannel } from './timer-channel.ts';

/** What they are made of. */
export interface KeyedStepsOptions {
  readonly descriptor: ProcessBundleDescriptor;
  readonly coderOf: (id: string) => Coder;
  readonly openState: (key: StateKeyType, what: string) => StateAccess;
  readonly now: () => Timestamp;
  readonly fireTimer: (transform: AppliedPTransform, timer: DueTimer) => void | Promise<void>;
}

/** The steps of a descriptor that keep state and set timers, over the bundles of a processor. */
export class KeyedSteps {
  readonly #options: KeyedStepsOptions;
  readonly #states = new Map<AppliedPTransform, RunnerUserState>();
  readonly #families: readonly {
    readonly transform: AppliedPTransform;
    readonly transformId: string;
    readonly family: string;
    readonly coder: Coder<Timer<unknown>>;
  }[];
  /** Of the bundle under way, by transform id and family. */
  #channels = new Map<string, TimerChannel>();

  /** @throws {PipelineError} for a descriptor whose parts do not fit. */
  constructor(plan: BundlePlan, options: KeyedStepsOptions) {
    this.#options = options;
    const families: {
      transform: AppliedPTransform;
      transformId: string;
      family: string;
      coder: Coder<Timer<unknown>>;
    }[] = [];
    for (const [transform, transformId] of plan.transformIds) {
      const { stateSpecs, timerFamilySpecs } = payloadOf(options.descriptor, transformId);
      if (Object.keys(stateSpecs).length + Object.keys(timerFamilySpecs).length === 0) continue;
      this.#states.set(transform, this.#userState(plan, transform, { transformId, stateSpecs }));
      for (const [family, { timerFamilyCoderId }] of Object.entries(timerFamilySpecs)) {
        families.push({
          transform,
          transformId,
          family,
          coder: requireTimerCoder(options.coderOf(timerFamilyCoderId)),
        });
      }
    }
    this.#families = families;
  }

  /** How many streams of timers a bundle has. */
  get timerStreams(): number {
    return this.#families.length;
  }

  stateOf(transform: AppliedPTransform): UserState | undefined {
    return this.#states.get(transform);
  }

  /** A bundle begins. */
  begin(channel: BundleChannel): void {
    for (const state of this.#states.values()) state.begin();
    this.#channels = new Map(
      this.#families.map(({ transform, transformId, family, coder }) => {
        const identity = new KeyIdentity(transform.label);
        const timers = new TimerChannel({
          transformId,
          family,
          coder,
          identityOf: (key) => identity.of(key),
          fire: (timer) => this.#options.fireTimer(transform, timer),
          send: (bytes) => channel.send({ transformId, timerFamilyId: family, bytes, isLast: false }),
        });
        return [idOf(transformId, family), timers];
      }),
    );
  }

  /** Fires timers that the runner says are due. */
  async process({ transformId, timerFamilyId = '', bytes, isLast }: InputPart): Promise<void> {
    await this.#channelOf(transformId, timerFamilyId).process(bytes, isLast);
  }

  /** Gives the runner the state that changed, and the timers that were set. */
  async finish(channel: BundleChannel): Promise<void> {
    await Promise.all([...this.#states.values()].map((state) => state.commit()));
    for (const timers of this.#channels.values()) {
      const { transformId, family: timerFamilyId } = timers;
      const bytes = timers.take();
      // Some runners take an empty message for the end, and others the last one for no more than that.
      if (bytes.length > 0) await channel.send({ transformId, timerFamilyId, bytes, isLast: false });
      await channel.send({ transformId, timerFamilyId, bytes: new Uint8Array(), isLast: true });
    }
  }

  #channelOf(transformId: string, family: string): TimerChannel {
    const timers = this.#channels.get(idOf(transformId, family));
    if (timers !== undefined) return timers;
    throw new PipelineError(
      `Cannot take timers of "${transformId}" as it must have a timer of that name: received "${family}"`,
      {
        transform: transformId,
        hint: 'The runner made them: see whether its version is one that Millrace was tried with',
      },
    );
  }

  #userState(
    plan: BundlePlan,
    transform: AppliedPTransform,
    { transformId, stateSpecs }: { readonly transformId: string } & Pick<ParDoPayload, 'stateSpecs'>,
  ): RunnerUserState {
    const { descriptor, coderOf, openState, now } = this.#options;
    const [input] = transform.inputs;
    const pcollection = descriptor.pcollections[plan.pcollectionIds.get(input?.id ?? '') ?? ''];
    const strategy = descriptor.windowingStrategies[pcollection?.windowingStrategyId ?? ''];
    const coder = coderOf(pcollection?.coderId ?? '');
    if (!(coder instanceof KVCoder) || strategy === undefined) {
      throw new PipelineError(
        `Cannot run "${transformId}" as the elements of what keeps state must be key-value pairs: received ${coder.urn}`,
        {
          transform: transformId,
          hint: 'The runner made the descriptor: see whether its version is one that Millrace was tried with',
        },
      );
    }
    return new RunnerUserState({
      transformId,
      name: plan.names.get(transform) ?? transformId,
      keyCoder: coder.components[0],
      windowCoder: coderOf(strategy.windowCoderId) as Coder<BoundedWindow>, // by the proto
      coderOf: (name) => coderOf(bagCoder(stateSpecs[name]?.spec)),
      allowedLateness: Number(strategy.allowedLateness),
      now,
      openState,
      setTimer: (update) => this.#channelOf(transformId, update.family).update(update),
    });
  }
}

/** What a ParDo says; of any other transform, what one says that has nothing. */
function payloadOf({ transforms }: ProcessBundleDescriptor, transformId: string): ParDoPayload {
  const spec = transforms[transformId]?.spec;
  return fromBinary(ParDoPayloadSchema, spec?.urn === PrimitiveUrn.PAR_DO ? spec.payload : new Uint8Array());
}

function bagCoder(
  spec: { readonly case?: string | undefined; readonly value?: unknown } | undefined,
): string {
  if (spec?.case === 'bagSpec') return (spec.value as { readonly elementCoderId: string }).elementCoderId;
  throw new PipelineError(`Cannot open state as it must be a bag: received ${spec?.case ?? 'nothing'}`, {
    hint: 'Promote the pipeline again: its steps and its worker do not belong together',
  });
}

function requireTimerCoder(coder: Coder): Coder<Timer<unknown>> {
  if (coder instanceof TimerCoder) return coder as Coder<Timer<unknown>>;
  throw new PipelineError(`Cannot read timers as their coder must be one of timers: received ${coder.urn}`, {
    hint: 'The runner made the descriptor: see whether its version is one that Millrace was tried with',
  });
}

function idOf(transformId: string, family: string): string {
  return JSON.stringify([transformId, family]);
}
