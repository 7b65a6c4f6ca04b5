import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CAPABILITY_ROWS } from '../../../../runtime/src/portable/capabilities/capability.ts';
import { ROOT } from '../../../support/repository.ts';

test('the page of the embedded engine has each row of the capability matrix that we know', async () => {
  const page = await readFile(path.join(ROOT, 'docs/capability-matrix.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([^|*]+?) +\| ([^|]+?) +\|/gm)].map(([, row]) => row).slice(2);
  expect(rows.sort()).toEqual(
    Object.values(CAPABILITY_ROWS)
      .map(([, row]) => row)
      .sort(),
  );
});
