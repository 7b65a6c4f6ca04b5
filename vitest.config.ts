import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Tests of the sources that start a process, a thread, a browser or a compiler, or that look at Node's own objects or change
 * them (vega-lite gives Set a toJSON): no part of `npm run ok`, whose tests share their threads.
 */
const INTEGRATION = 'test/{runtime,kernel,scripts}/**/*.integration.test.ts';

const ofSources = {
  include: ['test/{runtime,kernel,scripts}/**/*.test.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // vitest leaves one core free, which on two cores is half of the machine.
  maxWorkers: '100%',
  sequence: { groupOrder: 0 },
};

/** Unit and integration tests read the TypeScript sources; system tests start what was built. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^millrace\/(interactive|worker|runners|testing)$/, replacement: source('runtime/src/$1.ts') },
      { find: /^millrace$/, replacement: source('runtime/src/index.ts') },
      { find: /^#typescript$/, replacement: 'typescript' },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: { ...ofSources, name: 'unit', exclude: [...configDefaults.exclude, INTEGRATION] },
      },
      {
        extends: true,
        test: { ...ofSources, name: 'integration', include: [INTEGRATION] },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 }, // after the others, and with the machine to themselves
        },
      },
    ],
  },
});
