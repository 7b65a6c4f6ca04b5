/**
 * Gives all that a call of a DoFn emits at once, so that a failure half-way emits nothing: an array, or a promise of one.
 * What can be no output comes back as it is, for the runner to refuse.
 *
 * @param onIterator Told of the iterator of an async generator, so that it can be closed.
 */
export function wholeOutputs(
  result: unknown,
  onIterator: (iterator: AsyncIterator<unknown>) => void,
): unknown {
  if (result === undefined || result === null) return [];
  if (typeof result !== 'object' && typeof result !== 'function') return result;
  if (Symbol.asyncIterator in result) {
    // As the runner takes it: what has this symbol is an async iterable.
    const iterator = (result as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    onIterator(iterator);
    return gathered(iterator);
  }
  if (isPromiseLike(result)) return result.then(settledOutputs);
  return settledOutputs(result);
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function settledOutputs(result: unknown): unknown {
  if (result === undefined || result === null) return [];
  if (Array.isArray(result) || typeof result !== 'object' || !(Symbol.iterator in result)) return result;
  return [...(result as Iterable<unknown>)]; // what has this symbol
}

async function gathered(iterator: AsyncIterator<unknown>): Promise<unknown[]> {
  const outputs: unknown[] = [];
  for (;;) {
    const step = await iterator.next();
    if (step.done === true) return outputs;
    outputs.push(step.value);
  }
}
