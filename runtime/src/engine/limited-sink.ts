import { EARLY_STOP } from '../executor/early-stop.ts';
import type { Receiver } from '../model/windowed-value.ts';
import type { ElementSink } from './run.ts';

/** A sink's receiver that throws EARLY_STOP once the sink has as many elements as it wants. */
export function limitedSink(sink: ElementSink, onSatisfied: () => void): Receiver {
  const { limit } = sink;
  // Called as a method, so that a sink may be of any class.
  if (limit === undefined) return (...element) => sink.add(...element);
  let count = 0;
  return (value, timestamp, windows, pane) => {
    if (count >= limit) throw EARLY_STOP;
    count += 1;
    const wait = sink.add(value, timestamp, windows, pane);
    if (count < limit) return wait;
    onSatisfied();
    if (wait === undefined) throw EARLY_STOP;
    return wait.then(() => {
      throw EARLY_STOP;
    });
  };
}
