import { PipelineError } from '../../errors.ts';
import type { BoundedSource } from '../../model/bounded-source.ts';
import type { PCollection } from '../../model/pcollection.ts';
import type { UnboundedSource } from '../../model/unbounded-source.ts';
import type { WindowedValue } from '../../model/windowed-value.ts';
import { isCuttable } from '../shard-parts.ts';
import type { StepPayload } from '../step-payload.ts';
import { KIND_ANNOTATION } from './annotations.ts';
import { displayData } from './display-data.ts';
import { encodeElements } from './encode-elements.ts';
import type { AboutTransform } from './placed.ts';
import type { ElementTraits } from './pipeline-pcollections.ts';
import { windowKind } from '../windowing/windowing-to-proto.ts';
import type { StepWork, Translation } from './translation.ts';

/** A root to be: a composite of an impulse and of what makes elements of it. */
interface Root {
  /** Full name of the composite. */
  readonly id: string;
  readonly parent: string | undefined;
  readonly outputId: string;
  readonly about: AboutTransform;
  readonly payload: (work: StepWork) => StepPayload;
  /** What its elements have in common. */
  readonly traits: ElementTraits;
}

/**
 * Elements that are there already: few in the pipeline itself, many in a file that goes with it and is read in shards.
 *
 * @throws {PipelineError} for an element that cannot be shipped.
 */
export function addElements(
  root: Root,
  elements: Iterable<WindowedValue<unknown>>,
  translation: Translation,
): void {
  const { builder, artifacts } = translation;
  const { id, payload, outputId, traits } = root;
  const encoded = encodeElements(elements, { transform: id, windows: windowKind(traits.windowing) });
  if (encoded.kind === 'inline') {
    const impulse = start(root, translation);
    const work = { kind: 'create', count: encoded.count, elements: { inline: encoded.inline } } as const;
    builder.oneOutput({
      id: `${id}/Create`,
      parent: id,
      payload: payload(work),
      input: impulse,
      output: 'value',
      outputId,
      traits,
    });
    return;
  }
  const { artifact, shards } = encoded;
  artifacts.set(artifact.name, artifact);
  addShards(root, translation, {
    shards: { kind: 'elementShards', shards },
    read: { kind: 'elementShard', artifact: artifact.name },
  });
}

/** A source that is read in shards: each worker takes some of them. */
export function addSource(root: Root, source: BoundedSource<unknown>, translation: Translation): void {
  const name = translation.exports.add(source, `the source of "${root.id}"`);
  addShards(root, translation, {
    shards: { kind: 'readShards', export: name },
    read: { kind: isCuttable(source) ? 'readPart' : 'readShard', export: name },
    isSplittable: isCuttable(source),
  });
}

/** A source that need not end, or that ends in its time: one splittable step, which hands the rest of its work back. */
export function addUnboundedSource(
  root: Root,
  { source, isBounded }: { readonly source: UnboundedSource<unknown>; readonly isBounded: boolean },
  translation: Translation,
): void {
  const { id, payload, outputId, traits } = root;
  const name = translation.exports.add(source, `the source of "${id}"`);
  const impulse = start(root, translation);
  translation.builder.oneOutput({
    id: `${id}/Read`,
    parent: id,
    payload: payload({ kind: 'readUnbounded', export: name, isBounded }),
    input: impulse,
    output: 'value',
    outputId,
    traits,
    isSplittable: true,
  });
}

/** Impulse → shards by number → a reshuffle, so that they are read apart from where they were listed → elements. */
function addShards(
  root: Root,
  translation: Translation,
  {
    shards,
    read,
    isSplittable = false,
  }: { readonly shards: StepWork; readonly read: StepWork; readonly isSplittable?: boolean },
): void {
  const { builder } = translation;
  const { id, payload, outputId, traits } = root;
  const impulse = start(root, translation);
  const listed = builder.oneOutput({
    id: `${id}/Shards`,
    parent: id,
    payload: payload(shards),
    input: impulse,
    output: 'kv',
  });
  const spread = builder.reshuffle({
    id: `${id}/Reshuffle`,
    parent: id,
    payload: payload({ kind: 'ungroup' }),
    input: listed,
  });
  builder.oneOutput({
    id: `${id}/Read`,
    parent: id,
    payload: payload(read),
    input: spread,
    output: 'value',
    outputId,
    traits,
    isSplittable,
  });
}

function start({ id, parent, about }: Root, { builder }: Translation): string {
  builder.composite({ id, parent, about });
  return builder.impulse({ id: `${id}/Impulse`, parent: id });
}

/**
 * A PCollection at which the fragment was cut: its elements are given.
 *
 * @throws {PipelineError} if they are not.
 */
export function addInput(
  { id: modelId, tag, windowing, isBounded }: PCollection<unknown>,
  options: {
    /** Full name of what makes it in the whole pipeline. */
    readonly name: string;
    readonly inputs: ReadonlyMap<string, readonly WindowedValue<unknown>[]> | undefined;
  },
  translation: Translation,
): void {
  const { name, inputs } = options;
  const elements = inputs?.get(modelId);
  if (elements === undefined) {
    throw new PipelineError(
      `Cannot translate a part of a pipeline as the elements of its inputs must be there: received none of "${name}"`,
      { transform: name, hint: 'Give the elements of each PCollection at which the pipeline was cut' },
    );
  }
  const outputId = `${name}.${tag}`;
  const id = translation.builder.free(`Input ${outputId.replaceAll('/', ' ')}`);
  const lines = displayData([{ key: 'elements', label: 'Elements', value: elements.length }]);
  const about = { displayData: lines, annotations: { [KIND_ANNOTATION]: 'create' } };
  const payload = (work: StepWork): StepPayload => ({ name: id, ...work });
  const traits = { windowing, isBounded };
  addElements({ id, parent: undefined, outputId, about, payload, traits }, elements, translation);
  translation.pcollections.set(modelId, outputId);
}
