import { expect, test } from 'vitest';
import { doFnPart, wholeOf } from '../../../runtime/src/portable/do-fn-part.ts';

test.each([
  ['Count', 'Count'],
  [doFnPart('Outer/Count'), 'Outer/Count'],
  // As Prism's and Flink's job services told them of a step "Count up".
  ['eCount up_pwr', 'Count up'],
  ['eCount up_splitnsize', 'Count up'],
  ['eCount up_processandsplit', 'Count up'],
  ['Count up/PairWithRestriction', 'Count up'],
  ['Count up/SplitAndSize', 'Count up'],
  [`e${doFnPart('Count')}_processandsplit`, 'Count'],
  ['every_step', 'every_step'],
])('wholeOf() gives the transform of "%s"', (id, whole) => {
  expect(wholeOf(id)).toBe(whole);
});
