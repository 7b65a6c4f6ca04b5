import path from 'node:path';

import { schemeOf } from './file-systems.ts';

/** Where shards go: `folder/base-00000-of-00003suffix`. */
export interface ShardTarget {
  /** Absolute, or with its scheme. */
  readonly folder: string;
  readonly base: string;
  readonly suffix: string;
}

/** The final name of one shard, in Beam's form. */
export function shardPath({ folder, base, suffix }: ShardTarget, shard: number, count: number): string {
  const digits = (n: number) => String(n).padStart(5, '0');
  return inFolder(folder, `${base}-${digits(shard)}-of-${digits(count)}${suffix}`);
}

/** The name that a shard is written under: hidden, beside the final one, and different for each attempt. */
export function temporaryPath(
  target: ShardTarget,
  { shard, attempt }: { readonly shard: number; readonly attempt: string },
): string {
  return inFolder(target.folder, `.${target.base}-${shard}-${attempt}${target.suffix}.tmp`);
}

/** Whether `name` (without its folder) is a shard of `target`, of any count. */
export function isShardName({ base, suffix }: ShardTarget, name: string): boolean {
  if (!name.startsWith(`${base}-`) || !name.endsWith(suffix)) return false;
  return /^\d{5,}-of-\d{5,}$/.test(name.slice(base.length + 1, name.length - suffix.length));
}

/** Whether `name` (without its folder) is a temporary file of `target`. */
export function isTemporaryName({ base, suffix }: ShardTarget, name: string): boolean {
  if (!name.startsWith(`.${base}-`) || !name.endsWith(`${suffix}.tmp`)) return false;
  return /^\d+-[0-9a-f-]{36}$/.test(name.slice(base.length + 2, name.length - suffix.length - 4));
}

/** The path of a file in a folder, which may have a scheme. */
export function inFolder(folder: string, name: string): string {
  return schemeOf(folder) === '' ? path.join(folder, name) : `${folder.replace(/\/+$/, '')}/${name}`;
}
