import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

import { OutputBytes } from '../../../../coders/output-bytes.ts';
import { encodeWindowed } from '../../../../coders/windowed-value.ts';
import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';
import { fileError } from '../../../../io/file-error.ts';
import { NO_FIRING } from '../../../../model/pane-info.ts';
import { MIN_TIMESTAMP } from '../../../../model/timestamp.ts';
import { GLOBAL_WINDOWS } from '../../../../model/window.ts';
import { shippedElementsCoder } from '../../../coders/shipped-elements.ts';
import type { StepPayload } from '../../../step-payload.ts';

type Payload<K extends StepPayload['kind']> = Extract<StepPayload, { readonly kind: K }>;

/**
 * Gives each element a shard in turn, and encodes it with its timestamp, window and pane.
 *
 * Which shard is left to chance: what follows is a grouping, and a bundle that is tried again is as if it never ran.
 */
export function toShardOperator({ shards }: Payload<'toShard'>, options: OperatorOptions): Operator {
  const out = mainOutput(options);
  const coder = shippedElementsCoder();
  const bytes = new OutputBytes();
  let next = Math.floor(Math.random() * shards);
  return {
    receive(element, timestamp, windows, pane) {
      encodeWindowed(bytes, coder, element, timestamp, windows, pane);
      next = (next + 1) % shards;
      // Copied, as a view would be sent with all of the buffer that it is on.
      const value = Buffer.from(bytes.view());
      bytes.truncate(0);
      return out({ key: next, value }, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
    },
  };
}

/** Bytes that are written at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** Writes each group of encoded elements to a file, under its name only when it is whole. Emits nothing. */
export function writeCollectedOperator(
  { folder }: Payload<'writeCollected'>,
  options: OperatorOptions,
): Operator {
  return {
    async setup() {
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw fileError('write', folder, error);
      });
    },
    async receive(element) {
      const { key, value } = requireKV(element, options.name);
      const final = path.join(folder, `${String(key)}.elements`);
      const temporary = `${final}.${randomUUID()}.tmp`;
      try {
        await writeParts(temporary, value as Iterable<Uint8Array>);
        await rename(temporary, final);
      } catch (error) {
        await rm(temporary, { force: true });
        throw fileError('write', final, error);
      }
    },
  };
}

async function writeParts(file: string, parts: Iterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    let chunk: Uint8Array[] = [];
    let size = 0;
    for (const part of parts) {
      chunk.push(part);
      size += part.length;
      if (size < CHUNK_BYTES) continue;
      await handle.writeFile(Buffer.concat(chunk));
      chunk = [];
      size = 0;
    }
    await handle.writeFile(Buffer.concat(chunk));
  } finally {
    await handle.close();
  }
}
