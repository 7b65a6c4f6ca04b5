import path from 'node:path';
import { expect, test } from 'vitest';
import { millraceHome } from '../../../runtime/src/runners/home.ts';

test.each([
  { name: 'MILLRACE_HOME', platform: 'linux', env: { MILLRACE_HOME: '/m', XDG_DATA_HOME: '/x' }, want: '/m' },
  {
    name: 'XDG_DATA_HOME',
    platform: 'linux',
    env: { MILLRACE_HOME: '', XDG_DATA_HOME: '/x' },
    want: '/x/millrace',
  },
  { name: 'the default', platform: 'linux', env: {}, want: '/home/u/.local/share/millrace' },
  {
    name: 'the default of macOS',
    platform: 'darwin',
    env: {},
    want: '/home/u/Library/Application Support/millrace',
  },
] as const)('millraceHome() gives $name', ({ platform, env, want }) => {
  expect(millraceHome({ platform, env, home: '/home/u' })).toBe(path.normalize(want));
});
