import { createHash } from 'node:crypto';
import { OutputBytes } from '../../coders/output-bytes.ts';
import { PipelineError } from '../../errors.ts';
import type { BoundedWindow } from '../../model/window.ts';
import { windowedValue, type WindowedValue } from '../../model/windowed-value.ts';
import type { StagedArtifact } from '../portable-pipeline.ts';
import type { ElementsShard } from '../step-payload.ts';
import { shippedElementsCoder } from '../coders/shipped-elements.ts';

/** Up to so many bytes travel in the pipeline itself. */
const INLINE_BYTES = 64 * 1024;
/** A shard of a file of elements is no larger, but for one element that is. */
const SHARD_BYTES = 1024 * 1024;

/** Elements as bytes: few of them as text for a payload, many as a file in shards. */
export type EncodedElements =
  | { readonly kind: 'inline'; readonly inline: string; readonly count: number }
  | { readonly kind: 'file'; readonly artifact: StagedArtifact; readonly shards: readonly ElementsShard[] };

/** The elements of a create, with what create says of each. */
export function* asWindowed(elements: readonly unknown[]): Generator<WindowedValue<unknown>, void, void> {
  for (const element of elements) yield windowedValue(element);
}

/**
 * Encodes the elements of a root.
 *
 * @throws {PipelineError} for an element that has no bytes, or is in windows that its PCollection does not have.
 */
export function encodeElements(
  elements: Iterable<WindowedValue<unknown>>,
  {
    transform,
    windows,
  }: {
    /** Its full name, for errors. */
    readonly transform: string;
    /** The kind that its PCollection has. */
    readonly windows: BoundedWindow['kind'];
  },
): EncodedElements {
  const coder = shippedElementsCoder();
  const parts: Uint8Array[] = [];
  const shards: ElementsShard[] = [];
  let out = new OutputBytes();
  let count = 0;
  let offset = 0;
  const endShard = () => {
    const bytes = out.take();
    parts.push(bytes);
    shards.push({ offset, bytes: bytes.length, count });
    offset += bytes.length;
    count = 0;
    out = new OutputBytes();
  };
  let index = 0;
  for (const element of elements) {
    requireWindows(element, windows, { transform, index });
    const start = out.length;
    encode(() => coder.encode(element, out), { transform, index });
    count += 1;
    index += 1;
    if (out.length > SHARD_BYTES && count > 1) {
      // This element begins the next shard.
      const last = new Uint8Array(out.view().subarray(start));
      out.truncate(start);
      count -= 1;
      endShard();
      out.raw(last);
      count = 1;
    }
  }
  if (count > 0) endShard();
  const bytes = Buffer.concat(parts);
  if (bytes.length <= INLINE_BYTES) return { kind: 'inline', inline: bytes.toString('base64'), count: index };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const artifact = { name: `${sha256.slice(0, 16)}.elements`, sha256, content: { bytes } };
  return { kind: 'file', artifact, shards };
}

function encode(write: () => void, { transform, index }: ElementPlace): void {
  try {
    write();
  } catch (cause) {
    if (!(cause instanceof PipelineError)) throw cause;
    throw new PipelineError(
      `Cannot ship the elements of "${transform}" as each must be data: element [${index}]: ${cause.message}`,
      { transform, hint: cause.hint, cause },
    );
  }
}

interface ElementPlace {
  readonly transform: string;
  readonly index: number;
}

function requireWindows(
  { windows }: WindowedValue<unknown>,
  kind: BoundedWindow['kind'],
  { transform, index }: ElementPlace,
): void {
  const other = windows.find((window) => window.kind !== kind);
  if (other === undefined) return;
  const received =
    other.kind === 'global' ? 'the global window' : `the window [${other.start}, ${other.end})`;
  throw new PipelineError(
    `Cannot ship the elements of "${transform}" as they must be in ${kind === 'global' ? 'the global window' : 'interval windows'}, as its PCollection says: received ${received} at element [${index}]`,
    {
      transform,
      hint: 'Elements in other windows run here, in the notebook; windows of a job come with windowInto',
    },
  );
}
