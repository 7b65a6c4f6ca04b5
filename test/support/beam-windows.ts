import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PEERS_PYTHON } from './peers.ts';
import { ROOT } from './repository.ts';

/** A WindowFn of Beam's, and elements for it; all in milliseconds. */
export interface BeamWindowsCase {
  readonly kind: 'fixed' | 'sliding' | 'sessions';
  readonly size?: number;
  readonly period?: number;
  readonly offset?: number;
  readonly gap?: number;
  readonly timestamps: readonly number[];
}

type Bounds = readonly [number, number];

/**
 * The windows that Beam Python gives for each case: of each timestamp in turn, earliest first; for sessions, the merged ones
 * of all. Takes seconds, for Python's start.
 */
export function beamWindows(
  cases: readonly BeamWindowsCase[],
): readonly (readonly (readonly Bounds[])[] | readonly Bounds[])[] {
  const script = path.join(ROOT, 'test/support/beam_windows.py');
  const input = JSON.stringify(cases);
  // What the script beside writes.
  return JSON.parse(execFileSync(PEERS_PYTHON, [script], { input, encoding: 'utf8' })) as ReturnType<
    typeof beamWindows
  >;
}
