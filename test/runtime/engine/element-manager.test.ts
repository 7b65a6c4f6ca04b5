import { expect, test } from 'vitest';
import { ElementManager, type ManagedStage } from '../../../runtime/src/engine/element-manager.ts';
import type { BundleSource } from '../../../runtime/src/engine/inputs/bundle-source.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';

/** A source whose state a test sets by hand. */
class HandSource implements BundleSource {
  watermark = MIN_TIMESTAMP;
  isEnded = false;
  readyAt: number | undefined = -Infinity;
  readonly advanced: number[] = [];

  advance({ watermark }: { readonly watermark: number }): void {
    this.advanced.push(watermark);
  }

  read(): Promise<void> {
    return Promise.resolve();
  }

  end(): void {
    this.isEnded = true;
    this.watermark = MAX_TIMESTAMP;
  }
}

const at = (processingTime: number, isNeeded: (stage: number) => boolean = () => true) => ({
  processingTime,
  isNeeded,
});

function managerOf(...upstreams: (readonly number[])[]) {
  const sources = upstreams.map(() => new HandSource());
  const stages: ManagedStage[] = upstreams.map((upstream, index) => ({
    source: sources[index] ?? new HandSource(),
    upstream,
  }));
  return { manager: new ElementManager(stages), sources };
}

test('next() takes what was read all the way before more is read', () => {
  const { manager, sources } = managerOf([], [0], [1]);
  const [, middle, last] = sources;
  if (middle === undefined || last === undefined) throw new Error('three sources');
  middle.readyAt = last.readyAt = undefined;
  expect(manager.next(at(0))).toEqual({ kind: 'bundle', stage: 0 });
  middle.readyAt = -Infinity;
  expect(manager.next(at(0))).toEqual({ kind: 'bundle', stage: 1 });
  last.readyAt = -Infinity;
  expect(manager.next(at(0))).toEqual({ kind: 'bundle', stage: 2 });
});

test('next() lets roots take turns', () => {
  const { manager } = managerOf([], [], []);
  const ran = Array.from({ length: 6 }, () => manager.next(at(0)));
  expect(ran.map((next) => (next.kind === 'bundle' ? next.stage : next.kind))).toEqual([0, 1, 2, 0, 1, 2]);
});

test('next() gives the least watermark of all that is upstream, and the end of time where that has ended', () => {
  const { manager, sources } = managerOf([], [], [0, 1]);
  const [first, second, joined] = sources;
  if (first === undefined || second === undefined || joined === undefined) throw new Error('three sources');
  joined.readyAt = undefined;
  first.watermark = 10;
  second.watermark = 20;
  manager.next(at(0));
  first.end();
  expect(manager.next(at(0))).toEqual({ kind: 'end', stage: 0 });
  manager.next(at(0));
  second.end();
  expect(manager.next(at(0))).toEqual({ kind: 'end', stage: 1 });
  manager.next(at(0));
  expect([...new Set(joined.advanced)]).toEqual([10, 20, MAX_TIMESTAMP]);
});

test('next() waits for the source that is ready first, and is done when none will be', () => {
  const { manager, sources } = managerOf([], []);
  const [first, second] = sources;
  if (first === undefined || second === undefined) throw new Error('two sources');
  first.readyAt = 50;
  second.readyAt = 30;
  expect(manager.next(at(10))).toEqual({ kind: 'wait', until: 30 });
  expect(manager.next(at(30))).toEqual({ kind: 'bundle', stage: 1 });
  first.end();
  second.end();
  expect([manager.next(at(30)), manager.next(at(30)), manager.next(at(30))]).toEqual([
    { kind: 'end', stage: 0 },
    { kind: 'end', stage: 1 },
    { kind: 'done' },
  ]);
});

test('next() ends a stage that nobody needs, whatever its source still has', () => {
  const { manager } = managerOf([]);
  expect(manager.next(at(0, () => false))).toEqual({ kind: 'end', stage: 0 });
  expect(manager.next(at(0, () => false))).toEqual({ kind: 'done' });
});
