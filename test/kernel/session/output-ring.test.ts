import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRingMemory, RingReader, RingWriter } from '../../../kernel/src/session/output-ring.ts';

function ring(capacity?: number) {
  const memory = createRingMemory(capacity);
  const reader = new RingReader(memory);
  let wakes = 0;
  const writer = new RingWriter(memory, () => (wakes += 1));
  return { reader, writer, wakes: () => wakes };
}

test('drain() joins what one stream wrote, and keeps the order between streams', () => {
  const { reader, writer } = ring();
  writer.write('stdout', 'a');
  writer.write('stdout', 'b\n');
  writer.write('stderr', 'c');
  writer.write('json', '{"kind":"clear"}');
  writer.write('json', '[]');
  writer.write('stdout', 'd');
  expect(reader.drain()).toEqual([
    { kind: 'stdout', text: 'ab\n' },
    { kind: 'stderr', text: 'c' },
    { kind: 'json', text: '{"kind":"clear"}' },
    { kind: 'json', text: '[]' },
    { kind: 'stdout', text: 'd' },
  ]);
  expect(reader.drain()).toEqual([]);
});

test('drain() joins a character whose bytes were written apart; flush() gives up on one that stays incomplete', () => {
  const { reader, writer } = ring();
  writer.write('stdout', new Uint8Array([0xe2, 0x82]));
  expect(reader.drain()).toEqual([]);
  writer.write('stdout', new Uint8Array([0xac, 0xe2]));
  expect(reader.drain()).toEqual([{ kind: 'stdout', text: '€' }]);
  expect(reader.flush()).toEqual([{ kind: 'stdout', text: '\ufffd' }]);
});

test('write() and drain() agree whatever is written, at every place of the ring', () => {
  const writes = fc.array(
    fc.record({
      kind: fc.constantFrom('stdout' as const, 'stderr' as const),
      text: fc.string({ unit: 'grapheme', maxLength: 12 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(writes, (texts) => {
      const { reader, writer } = ring(128);
      for (const { kind, text } of texts) {
        writer.write(kind, text);
        const want = text === '' ? [] : [{ kind, text }];
        expect(reader.drain()).toEqual(want);
      }
    }),
  );
});

test('write() wakes the reader once after it slept, and sleep() refuses while there is something', () => {
  const { reader, writer, wakes } = ring();
  expect(reader.sleep()).toBe(true);
  writer.write('stdout', 'a');
  writer.write('stdout', 'b');
  expect(wakes()).toBe(1);
  expect(reader.sleep()).toBe(false);
  reader.drain();
  expect(reader.sleep()).toBe(true);
});

test('createRingMemory() throws when the capacity is not a power of two', () => {
  expect(() => createRingMemory(100)).toThrow(RangeError);
});
