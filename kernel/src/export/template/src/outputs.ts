import path from 'node:path';
import { io, PCollection, withName } from 'millrace';

/** What a pipeline gives: PCollections by name, or arrays and objects of them. */
export type Outputs = Readonly<Record<string, Output>>;
type Output =
  PCollection<unknown> | readonly PCollection<unknown>[] | Readonly<Record<string, PCollection<unknown>>>;

/** All PCollections by name; those of an array or object are named after it: "parts-0". */
export function namedOutputs(outputs: Outputs): ReadonlyMap<string, PCollection<unknown>> {
  const named = new Map<string, PCollection<unknown>>();
  for (const [name, output] of Object.entries(outputs)) {
    if (output instanceof PCollection) named.set(name, output);
    else for (const [part, pcollection] of Object.entries(output)) named.set(`${name}-${part}`, pcollection);
  }
  return named;
}

/**
 * Adds a step for each output that writes it as JSON, one element a line.
 *
 * @returns The patterns of the files, by name.
 */
export function writeOutputs(outputs: Outputs, folder: string): ReadonlyMap<string, string> {
  const written = new Map<string, string>();
  for (const [name, pcollection] of namedOutputs(outputs)) {
    const prefix = path.join(folder, name);
    const write = (input: PCollection<unknown>) =>
      input.map(toLine).apply(io.writeToText(prefix, { suffix: '.jsonl' }));
    pcollection.apply(withName(`Write(${name})`, write));
    written.set(name, `${prefix}-*.jsonl`);
  }
  return written;
}

/** JSON of one element; what JSON does not have is written as the nearest that it has. */
function toLine(element: unknown): string {
  const line = JSON.stringify(element, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
    return value;
  }) as string | undefined; // of undefined there is no JSON
  return line ?? 'null';
}
