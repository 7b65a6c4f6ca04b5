import fc from 'fast-check';
import { expect, test } from 'vitest';

import { channelSplit } from '../../../../../runtime/src/portable/worker/bundle/channel-split.ts';

const OPEN = Infinity;

test.each([
  // Beam's own table: bundle_processor_test.py, SplitTest, where an element in work counts as half done.
  { name: 'half of what remains, before the first element', begun: 0, fraction: 0.5, elements: 16, want: 8 },
  { name: 'all, before the first element', begun: 0, fraction: 0, elements: 16, want: 0 },
  { name: 'a quarter kept', begun: 0, fraction: 0.25, elements: 24, want: 6 },
  { name: 'half, with one in work', begun: 1, fraction: 0.5, elements: 16, want: 8 },
  { name: 'all but the one in work', begun: 5, fraction: 0, elements: 16, want: 5 },
  { name: 'nothing, when all is to be kept', begun: 1, fraction: 1, elements: 16, want: undefined },
  { name: 'nothing, when the last is in work', begun: 16, fraction: 0, elements: 16, want: undefined },
  {
    name: 'the nearest allowed point above',
    begun: 0,
    fraction: 0.5,
    elements: 16,
    allowed: [2, 9],
    want: 9,
  },
  {
    name: 'the nearest allowed point below',
    begun: 0,
    fraction: 0.5,
    elements: 16,
    allowed: [7, 12],
    want: 7,
  },
  {
    name: 'nothing, when all allowed points are past',
    begun: 8,
    fraction: 0.5,
    elements: 16,
    allowed: [2, 5],
    want: undefined,
  },
  { name: 'less than an earlier split left', begun: 2, end: 8, fraction: 0.5, elements: 16, want: 5 },
  {
    name: 'nothing after an earlier split left no more',
    begun: 8,
    end: 8,
    fraction: 0,
    elements: 16,
    want: undefined,
  },
])('channelSplit() gives back $name', ({ begun, end = OPEN, fraction, elements, allowed = [], want }) => {
  const desired = { fractionOfRemainder: fraction, estimatedElements: elements, allowedSplitPoints: allowed };
  expect(channelSplit({ begun, end }, desired)).toBe(want);
});

test('channelSplit() never gives back an element that was begun, nor one beyond what it had', () => {
  const natural = fc.nat({ max: 100 });
  fc.assert(
    fc.property(
      natural,
      natural,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(natural),
      (begun, more, fraction, allowed) => {
        const elements = begun + more;
        const desired = {
          fractionOfRemainder: fraction,
          estimatedElements: elements,
          allowedSplitPoints: allowed,
        };
        const index = channelSplit({ begun, end: OPEN }, desired);
        if (index === undefined) return true;
        return index >= begun && index < elements && (allowed.length === 0 || allowed.includes(index));
      },
    ),
  );
});
