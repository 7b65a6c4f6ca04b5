import { expect, test } from 'vitest';
import { displayWidth, fit, pad } from '../../../runtime/src/display/text-width.ts';

test.each([
  { text: 'whale', want: 5 },
  { text: '白鯨', want: 4 },
  { text: '🐳', want: 2 },
  { text: '👩‍👩‍👧‍👦', want: 2 },
  { text: 'e\u0301', want: 1 },
  { text: '', want: 0 },
])('displayWidth() of "$text" is $want', ({ text, want }) => {
  expect(displayWidth(text)).toBe(want);
});

test.each([
  { text: 'whale', width: 5, want: 'whale' },
  { text: 'whales', width: 5, want: 'whal…' },
  { text: '白鯨白鯨', width: 5, want: '白鯨…' },
  { text: '👩‍👩‍👧‍👦👩‍👩‍👧‍👦', width: 3, want: '👩‍👩‍👧‍👦…' },
  { text: 'whale', width: 0, want: '' },
])('fit() of "$text" in $width cells is "$want"', ({ text, width, want }) => {
  expect(fit(text, width)).toBe(want);
});

test('pad() aligns wide characters', () => {
  expect([pad('白', 4), pad('ab', 4, 'right')]).toEqual(['白  ', '  ab']);
});
