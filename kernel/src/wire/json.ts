/**
 * Encodes a value as JSON that every client can read.
 *
 * A BigInt becomes a number where a number holds it, else a string; NaN and the infinities become null, as
 * JSON.stringify has it. An undefined value becomes an empty object: a frame is never empty.
 */
export function encodeJson(value: unknown): Buffer {
  // JSON.stringify gives undefined for undefined, whatever its type says.
  const text = JSON.stringify(value, bigintToJson) as string | undefined;
  return Buffer.from(text ?? '{}');
}

function bigintToJson(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/**
 * Decodes JSON, and what Python's json module writes beyond it: NaN, Infinity and -Infinity are read as null.
 *
 * @throws {SyntaxError} if it is neither.
 */
export function decodeJson(frame: Uint8Array): unknown {
  const text = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    // Strings are matched first, so that a NaN inside of one stays.
    return JSON.parse(
      text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs, (part) => (part.startsWith('"') ? part : 'null')),
    );
  }
}
