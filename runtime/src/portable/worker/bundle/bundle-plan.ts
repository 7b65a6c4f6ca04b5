import { fromBinary } from '@bufbuild/protobuf';

import { PipelineError } from '../../../errors.ts';
import type { Stage } from '../../../graph/plan.ts';
import type { AppliedPTransform } from '../../../model/applied-ptransform.ts';
import { PCollection } from '../../../model/pcollection.ts';
import { Pipeline } from '../../../model/pipeline.ts';
import { RemoteGrpcPortSchema, type ProcessBundleDescriptor } from '../../../proto/fn-api.ts';
import type { PTransform } from '../../../proto/runner-api.ts';
import { FnApiTransforms_RunnerUrn as RunnerUrn } from '../../../proto/urns.ts';
import { inOrderOfUse } from './in-order-of-use.ts';
import { stepOf, type Step, type StepContext } from './step.ts';

/** Where elements come in or go out: a transform that stands for the runner's side of the data channel. */
export interface DataPort {
  readonly transformId: string;
  readonly pcollection: PCollection<unknown>;
  readonly coderId: string;
}

/** A bundle descriptor as the executor takes it: a stage whose head gives its elements to all sources. */
export interface BundlePlan {
  readonly stage: Stage;
  /** Full names, for errors and counters. */
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  /** The first transform of the stage: its outputs are those of the sources, by transform id. */
  readonly entry: AppliedPTransform;
  readonly steps: ReadonlyMap<AppliedPTransform, Step>;
  readonly sources: readonly DataPort[];
  readonly sinks: readonly DataPort[];
  /** Ids in the descriptor of the stage's transforms and, by their id in the stage, PCollections. */
  readonly transformIds: ReadonlyMap<AppliedPTransform, string>;
  readonly pcollectionIds: ReadonlyMap<string, string>;
}

type Node = { -readonly [K in keyof AppliedPTransform]: AppliedPTransform[K] };

/**
 * Makes a stage of a bundle descriptor.
 *
 * @throws {PipelineError} for a transform that this worker does not run, or a descriptor whose parts do not fit.
 */
export function bundlePlan(descriptor: ProcessBundleDescriptor, context: StepContext): BundlePlan {
  const pipeline = new Pipeline(descriptor.id, NO_HOST);
  const entry = node('t1', { label: descriptor.id, inputs: [] });
  const root = node('t0', { label: descriptor.id, inputs: [] });
  const head = new PCollection<unknown>(pipeline, root, 'main');
  entry.inputs = [head];
  const names = new Map<AppliedPTransform, string>([[entry, descriptor.id]]);
  const steps = new Map<AppliedPTransform, Step>();
  const transformIds = new Map<AppliedPTransform, string>();
  const pcollectionIds = new Map<string, string>();
  const pcollections = new Map<string, PCollection<unknown>>();
  const consumers = new Map<string, AppliedPTransform[]>([[head.id, [entry]]]);
  const sources: DataPort[] = [];
  const sinks: DataPort[] = [];

  const produced = (id: string, producer: AppliedPTransform, tag: string) => {
    // Two sources may feed one PCollection: a flatten that the runner did.
    const pcollection = pcollections.get(id) ?? new PCollection<unknown>(pipeline, producer, tag);
    pcollections.set(id, pcollection);
    pcollectionIds.set(pcollection.id, id);
    if (!consumers.has(pcollection.id)) consumers.set(pcollection.id, []);
    return pcollection;
  };
  const input = (id: string, transformId: string) => {
    const pcollection = pcollections.get(id);
    if (pcollection !== undefined) return pcollection;
    throw unfit(descriptor.id, `"${transformId}" must take what a transform of it makes: received ${id}`);
  };

  const ordered = inOrderOfUse(descriptor.transforms);
  const outputs = new Map<string, PCollection<unknown>>();
  entry.outputs = outputs;
  for (const [transformId, transform] of ordered) {
    if (transform.spec?.urn !== RunnerUrn.DATA_SOURCE) continue;
    const pcollection = produced(onlyOf(transform.outputs, transformId), entry, transformId);
    outputs.set(transformId, pcollection);
    sources.push({ transformId, pcollection, coderId: portCoder(transform) });
  }
  let number = 2;
  for (const [transformId, transform] of ordered) {
    const urn = transform.spec?.urn;
    if (urn === RunnerUrn.DATA_SOURCE) continue;
    if (urn === RunnerUrn.DATA_SINK) {
      const pcollection = input(onlyOf(transform.inputs, transformId), transformId);
      sinks.push({ transformId, pcollection, coderId: portCoder(transform) });
      continue;
    }
    const step = stepOf(transformId, transform, context);
    const inputs = Object.entries(transform.inputs)
      .filter(([local]) => step.sideInputs?.includes(local) !== true)
      .map(([, id]) => input(id, transformId));
    const applied = node(`t${number++}`, { label: step.name, inputs, step });
    applied.outputs = outputsOf(transform, { applied, step, produced, pipeline });
    steps.set(applied, step);
    names.set(applied, step.name);
    transformIds.set(applied, transformId);
    for (const { id } of inputs) consumers.get(id)?.push(applied);
  }
  const stage: Stage = {
    id: descriptor.id,
    name: descriptor.id,
    input: { kind: 'input' },
    head,
    transforms: [entry, ...steps.keys()],
    shuffles: [],
    sides: [],
    consumers,
    materialised: [...new Set(sinks.map(({ pcollection }) => pcollection))],
    // No sink of ours ever wants less than all.
    unlimited: new Set(),
  };
  return { stage, names, entry, steps, sources, sinks, transformIds, pcollectionIds };
}

function outputsOf(
  transform: PTransform,
  options: {
    readonly applied: AppliedPTransform;
    readonly step: Step;
    readonly produced: (id: string, producer: AppliedPTransform, tag: string) => PCollection<unknown>;
    readonly pipeline: Pipeline;
  },
): Map<string, PCollection<unknown>> {
  const { applied, step, produced, pipeline } = options;
  const entries = Object.entries(transform.outputs);
  const outputs = new Map<string, PCollection<unknown>>();
  for (const [local, id] of entries) {
    const tag = entries.length === 1 && step.tags.length <= 1 ? 'main' : local;
    outputs.set(tag, produced(id, applied, tag));
  }
  // Outputs that nobody takes may be missing; what is emitted to them is dropped.
  for (const tag of ['main', ...step.tags]) {
    if (!outputs.has(tag)) outputs.set(tag, new PCollection<unknown>(pipeline, applied, tag));
  }
  return outputs;
}

function node(
  id: string,
  {
    label,
    inputs,
    step,
  }: { readonly label: string; readonly inputs: PCollection<unknown>[]; readonly step?: Step },
): Node {
  return {
    id,
    label,
    isNamed: true,
    parent: undefined,
    spec: step?.spec,
    inputs,
    sideInputs: new Map(),
    outputs: new Map(),
    appliedAt: step?.appliedAt === undefined ? {} : { stack: step.appliedAt },
  };
}

function onlyOf(ports: Readonly<Record<string, string>>, transformId: string): string {
  const [id] = Object.values(ports);
  if (id === undefined)
    throw unfit(transformId, 'a port of the data channel must have a PCollection: received none');
  return id;
}

function portCoder(transform: PTransform): string {
  return fromBinary(RemoteGrpcPortSchema, transform.spec?.payload ?? new Uint8Array()).coderId;
}

function unfit(what: string, why: string): PipelineError {
  return new PipelineError(`Cannot run the bundle descriptor "${what}" as ${why}`, {
    transform: what,
    hint: 'The runner made it: see whether its version is one that Millrace was tried with',
  });
}

/** Nobody runs or shows it: it only holds the PCollections of a descriptor. */
const NO_HOST = {
  run: () => Promise.reject(new TypeError('Cannot run the pipeline of a bundle descriptor')),
  display: () => Promise.resolve({}),
};
