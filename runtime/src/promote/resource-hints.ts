import { PipelineError } from '../errors.ts';
import { StandardResourceHints_EnumUrn as HINT } from '../proto/urns.ts';
import type { ResourceHints } from './promote-options.ts';

const URNS: Readonly<Record<keyof ResourceHints, string>> = {
  minRam: HINT.MIN_RAM_BYTES,
  cpuCount: HINT.CPU_COUNT,
  accelerator: HINT.ACCELERATOR,
  maxActiveBundlesPerWorker: HINT.MAX_ACTIVE_BUNDLES_PER_WORKER,
};

/**
 * Resource hints as the portable form has them: by URN, as text in bytes.
 *
 * @throws {PipelineError} for a number that is not a whole one above 0.
 * @see beam_runner_api.proto, StandardResourceHints
 */
export function resourceHints(hints: ResourceHints): Readonly<Record<string, Uint8Array>> {
  const found: Record<string, Uint8Array> = {};
  for (const [name, urn] of Object.entries(URNS) as [keyof ResourceHints, string][]) {
    const value = hints[name];
    if (value === undefined) continue;
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value > 0)) {
      throw new PipelineError(
        `Cannot promote as the resource hint ${name} must be a whole number above 0: received ${value}`,
        { hint: 'minRam is in bytes: 4 * 2 ** 30 for 4 GiB' },
      );
    }
    found[urn] = new TextEncoder().encode(String(value));
  }
  return found;
}
