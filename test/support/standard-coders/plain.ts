/** A decoded value in a form that tells bytes, Maps and Dates, and 0 from -0, as `wanted` writes what it should be. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof Map) return { map: [...value].map(([key, each]) => [plain(key), plain(each)]) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return { double: value };
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      AS_THEY_ARE.has(name) ? (field as unknown) : plain(field),
    ]),
  );
}

/** What the model says of elements and timers is not the coder's to tell. */
const AS_THEY_ARE: ReadonlySet<string> = new Set(['timestamp', 'pane', 'fireTimestamp', 'holdTimestamp']);
