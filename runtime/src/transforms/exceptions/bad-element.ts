/** What was thrown, as data: it can be written to a file, and sent to any worker. */
export interface ErrorRecord {
  /** "RangeError"; of what is no Error its type: "string". */
  readonly name: string;
  readonly message: string;
  /** Null for what is no Error. */
  readonly stack: string | null;
}

/** An element that a DoFn failed on, and why. */
export interface BadElement<out T> {
  readonly element: T;
  readonly error: ErrorRecord;
  /** What the graph calls the transform, without its composites: "ParDo(Parse)". */
  readonly transform: string;
}

/** Makes data of what was thrown; anything can be. */
export function errorRecord(thrown: unknown): ErrorRecord {
  const fallback = typeof thrown;
  if (!(thrown instanceof Error)) {
    return { name: fallback, message: textOf(() => thrown) ?? 'An object without a text', stack: null };
  }
  return {
    name: textOf(() => thrown.name) ?? 'Error',
    message: textOf(() => thrown.message) ?? '',
    stack: textOf(() => thrown.stack ?? null, 'null') ?? null,
  };
}

/** A user's error may have getters that throw, and an object no text; `none` stands for nothing there. */
function textOf(read: () => unknown, none?: string): string | undefined {
  try {
    const text = String(read());
    return text === none ? undefined : text;
  } catch {
    return undefined;
  }
}
