import { open, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

import { InputBytes } from '../../../../coders/input-bytes.ts';
import { ValueCoder } from '../../../../coders/value-coder.ts';
import { decodeWindowed } from '../../../../coders/windowed-value.ts';
import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';
import { fileError } from '../../../../io/file-error.ts';
import type { Receiver } from '../../../../model/windowed-value.ts';
import { shippedElementsCoder } from '../../../coders/shipped-elements.ts';
import type { ElementsShard, StepPayload } from '../../../step-payload.ts';

type Payload<K extends StepPayload['kind']> = Extract<StepPayload, { readonly kind: K }>;
type WithFolder = OperatorOptions & { readonly artifactFolder: string };

/** Emits all elements of a create for each impulse. */
export function createOperator({ elements, count }: Payload<'create'>, options: WithFolder): Operator {
  const out = mainOutput(options);
  const bytes =
    'inline' in elements
      ? Buffer.from(elements.inline, 'base64')
      : path.join(options.artifactFolder, elements.artifact);
  return {
    async receive() {
      const content = typeof bytes === 'string' ? await readWhole(bytes) : bytes;
      await emitElements(content, { count, out, options });
    },
  };
}

/** Decodes elements that are the bytes of a value each. */
export function decodeOperator(options: OperatorOptions): Operator {
  const out = mainOutput(options);
  const coder = new ValueCoder();
  return {
    receive(bytes, timestamp, windows, pane) {
      // What was given to the runner as bytes.
      return out(coder.decode(new InputBytes(bytes as Uint8Array)), timestamp, windows, pane);
    },
  };
}

/** Emits the shards of a file of elements for each impulse, each under a key of its own. */
export function elementShardsOperator(
  { shards }: Payload<'elementShards'>,
  options: OperatorOptions,
): Operator {
  const out = mainOutput(options);
  return {
    async receive(_impulse, timestamp, windows, pane) {
      for (const [key, value] of shards.entries()) await out({ key, value }, timestamp, windows, pane);
    },
  };
}

/** Emits the elements of the shard in each { key, value: shard }. */
export function elementShardOperator({ artifact }: Payload<'elementShard'>, options: WithFolder): Operator {
  const out = mainOutput(options);
  const file = path.join(options.artifactFolder, artifact);
  return {
    async receive(element) {
      const { value } = requireKV(element, options.name);
      const shard = value as ElementsShard; // as elementShards gave it
      await emitElements(await readPart(file, shard), { count: shard.count, out, options });
    },
  };
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileError('read', file, error);
  }
}

async function readPart(file: string, { offset, bytes }: ElementsShard): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const part = new Uint8Array(bytes);
    const { bytesRead } = await handle.read(part, 0, bytes, offset);
    return part.subarray(0, bytesRead);
  } catch (error) {
    throw fileError('read', file, error);
  } finally {
    await handle?.close();
  }
}

async function emitElements(
  bytes: Uint8Array,
  {
    count,
    out,
    options,
  }: { readonly count: number; readonly out: Receiver; readonly options: OperatorOptions },
): Promise<void> {
  const coder = shippedElementsCoder();
  const input = new InputBytes(bytes);
  let emitted = 0;
  while (input.left > 0) {
    const wait = decodeWindowed(input, coder, out) ?? options.pacer.pause();
    if (wait !== undefined) await wait;
    emitted++;
  }
  if (emitted !== count) {
    throw new RangeError(
      `Cannot read the elements of "${options.name}" as there must be ${count}: received ${emitted}`,
    );
  }
}
