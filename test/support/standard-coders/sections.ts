import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { PEERS_PYTHON } from '../peers.ts';
import { ROOT } from '../repository.ts';

/** A coder as the file describes it. */
export interface CoderSpec {
  readonly urn: string;
  /** A character a byte. */
  readonly payload?: string;
  readonly components?: readonly CoderSpec[];
}

/** One value, and its bytes, a character each. */
export type Example = readonly [bytes: string, value: unknown];

/** One part of Beam's standard_coders.yaml: a coder and examples of its values. */
export interface Section {
  readonly coder: CoderSpec & {
    /** Then other bytes may stand for the value too. */
    readonly non_deterministic?: boolean;
    /** What is behind the tokens of state-backed iterables. */
    readonly state?: Readonly<Record<string, string>>;
  };
  /** In which context; both if undefined. */
  readonly nested?: boolean;
  readonly examples: readonly Example[];
}

/** All of standard_coders.yaml, as the apache-beam of .venv-peers has it. */
export function readSections(): readonly Section[] {
  const script = path.join(ROOT, 'test/support/standard_coders.py');
  const json = execFileSync(PEERS_PYTHON, [script], { encoding: 'utf8' });
  // Written by the script beside.
  return JSON.parse(json, revived) as readonly Section[];
}

/** "kv(bytes, varint)" */
export function nameOf({ urn, components = [] }: CoderSpec): string {
  const inside = components.length === 0 ? '' : `(${components.map(nameOf).join(', ')})`;
  return `${urn.replace(/^beam:coder:|:v1$/g, '')}${inside}`;
}

/** Bytes in hexadecimal, and value. */
export function exampleName([bytes, value]: Example): string {
  const text = JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
  return `${Buffer.from(bytes, 'latin1').toString('hex')} for ${text}`;
}

/** In which contexts a section's examples are played. */
export function contextsOf({ nested }: Section): readonly ('nested' | 'outer')[] {
  if (nested === undefined) return ['nested', 'outer'];
  return [nested ? 'nested' : 'outer'];
}

function revived(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('bigint' in value)) return value;
  return BigInt(String(value.bigint));
}
