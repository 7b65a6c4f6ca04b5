import type { Stage } from '../graph/plan.ts';
import type { Receiver } from '../model/windowed-value.ts';

/** How many steps call one another on one call stack; it leaves most of the stack to the user's functions. */
const STEPS_ON_A_STACK = 200;

/**
 * The PCollections, by id, at which a stage goes on from an empty call stack: on every path through it there is one
 * in each STEPS_ON_A_STACK steps, so that a chain of any length runs. A shorter stage has none, and pays nothing.
 */
export function freshStackAt({ head, transforms }: Stage): ReadonlySet<string> {
  const found = new Set<string>();
  /** By PCollection id: steps on the longest path from the head. */
  const depths = new Map([[head.id, 0]]);
  for (const { inputs, outputs } of transforms) {
    const before = inputs.flatMap(({ id }) => depths.get(id) ?? []);
    const depth = before.reduce((most, each) => Math.max(most, each), 0) + 1;
    const shallowest = before.reduce((least, each) => Math.min(least, each), depth - 1);
    const isCrossing = Math.floor(depth / STEPS_ON_A_STACK) > Math.floor(shallowest / STEPS_ON_A_STACK);
    for (const { id } of outputs.values()) {
      depths.set(id, depth);
      if (isCrossing) found.add(id);
    }
  }
  return found;
}

/** Has each element wait until the call stack is empty; the sender waits as it does for any promise. */
export function onFreshStack(receive: Receiver): Receiver {
  return async (value, timestamp, windows, pane) => {
    await Promise.resolve();
    await receive(value, timestamp, windows, pane);
  };
}
