import { expect, test } from 'vitest';
import { watchParent } from '../../../kernel/src/kernel/parent-watch.ts';

test('watchParent() tells when the parent has changed, once', async () => {
  let parent = 100;
  const gone = new Promise<void>((resolve) => {
    watchParent({ given: '100', parentId: () => parent, onGone: resolve, periodMs: 1 });
  });
  parent = 1;
  await expect(gone).resolves.toBeUndefined();
});

test('watchParent() watches nothing without a parent id', () => {
  const asked: string[] = [];
  for (const given of [undefined, '', 'x']) {
    watchParent({ given, parentId: () => asked.push('asked'), onGone: () => undefined }).stop();
  }
  expect(asked).toEqual([]);
});
