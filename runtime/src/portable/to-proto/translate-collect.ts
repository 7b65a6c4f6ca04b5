import { GLOBAL_WINDOWING } from '../../model/windowing-strategy.ts';
import type { StepPayload } from '../step-payload.ts';
import type { StepWork, Translation } from './translation.ts';

/** In how many files the elements of a PCollection come back: as many workers can write at once. */
const SHARDS = 8;

/** Writes the elements of a PCollection to files, once all are there: once each, also when a bundle is tried again. */
export function addCollect(
  { pcollection, folder }: { readonly pcollection: string; readonly folder: string },
  { builder }: Translation,
): void {
  const id = builder.free(`Collect ${pcollection.replaceAll('/', ' ')}`);
  const payload = (work: StepWork): StepPayload => ({ name: id, ...work });
  builder.composite({ id, parent: undefined });
  const sharded = builder.oneOutput({
    id: `${id}/Shard`,
    parent: id,
    payload: payload({ kind: 'toShard', shards: SHARDS }),
    input: pcollection,
    output: 'keyedBytes',
    // The bytes have an element's windows; the bytes themselves are grouped without.
    traits: { windowing: GLOBAL_WINDOWING },
  });
  const grouped = builder.groupByKey({ id: `${id}/GroupByKey`, parent: id, input: sharded });
  builder.oneOutput({
    id: `${id}/Write`,
    parent: id,
    payload: payload({ kind: 'writeCollected', folder }),
    input: grouped,
    output: 'value',
  });
}
