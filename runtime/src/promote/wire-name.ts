/**
 * A job's name as runners are given it: printable ASCII, all else percent-encoded as UTF-8.
 *
 * Prism makes the ids of its workers from it. Those travel in headers of gRPC, which take nothing else: a worker with
 * another id cannot connect, and its job would wait for it for ever.
 */
export function wireName(name: string): string {
  return name.replace(/[^\x20-\x7e]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
