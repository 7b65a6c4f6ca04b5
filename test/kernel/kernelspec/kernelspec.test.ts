import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { userDataDirectory } from '../../../kernel/src/kernelspec/jupyter-paths.ts';
import {
  installKernelspec,
  kernelJson,
  kernelspecDirectory,
  uninstallKernelspec,
} from '../../../kernel/src/kernelspec/kernelspec.ts';
import { sysPrefix } from '../../../kernel/src/kernelspec/sys-prefix.ts';

let prefix: string;
beforeEach(() => (prefix = mkdtempSync(join(tmpdir(), 'millrace-prefix-'))));
afterEach(() => rmSync(prefix, { recursive: true, force: true }));

test.each([
  { platform: 'linux', env: {}, want: '/home/u/.local/share/jupyter' },
  { platform: 'linux', env: { XDG_DATA_HOME: '/data' }, want: '/data/jupyter' },
  { platform: 'linux', env: { XDG_DATA_HOME: '' }, want: '/home/u/.local/share/jupyter' },
  { platform: 'linux', env: { JUPYTER_DATA_DIR: '/j' }, want: '/j' },
  { platform: 'darwin', env: {}, want: '/home/u/Library/Jupyter' },
  {
    platform: 'darwin',
    env: { JUPYTER_PLATFORM_DIRS: '1' },
    want: '/home/u/Library/Application Support/Jupyter',
  },
  { platform: 'win32', env: { APPDATA: '/roaming' }, want: '/roaming/jupyter' },
  {
    platform: 'win32',
    env: { LOCALAPPDATA: '/local', JUPYTER_PLATFORM_DIRS: 'true' },
    want: '/local/jupyter',
  },
] as const)('userDataDirectory() on $platform with $env is $want', ({ platform, env, want }) => {
  expect(userDataDirectory({ platform, env, home: '/home/u' })).toBe(want);
});

test('sysPrefix() is the active environment', () => {
  expect(sysPrefix({ VIRTUAL_ENV: '/venv', CONDA_PREFIX: '/conda' })).toBe('/venv');
  expect(sysPrefix({ CONDA_PREFIX: '/conda' })).toBe('/conda');
});

test('sysPrefix() says what to do without a Python', () => {
  expect(() => sysPrefix({ PATH: prefix })).toThrow('use --user or --prefix DIR');
});

test('installKernelspec() writes a kernelspec that Jupyter can start, and again over an old one', () => {
  const directory = kernelspecDirectory({ kind: 'prefix', directory: prefix });
  expect(directory).toBe(join(prefix, 'share', 'jupyter', 'kernels', 'millrace'));
  installKernelspec(directory);
  writeFileSync(join(directory, 'stale'), '');
  installKernelspec(directory);
  expect(readdirSync(directory).sort()).toEqual([
    'kernel.json',
    'logo-32x32.png',
    'logo-64x64.png',
    'logo-svg.svg',
  ]);
  expect(readdirSync(join(directory, '..'))).toEqual(['millrace']);
  expect(statSync(directory).mode & 0o777).toBe(0o755);
  expect(JSON.parse(readFileSync(join(directory, 'kernel.json'), 'utf8'))).toEqual(kernelJson());
});

test('kernelJson() names Node and the program absolutely, and asks for interrupts by message', () => {
  const { argv, ...rest } = kernelJson() as { readonly argv: readonly string[] };
  expect(rest).toEqual({
    display_name: 'TypeScript (Millrace)',
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: false },
  });
  const [node = '', program = '', ...more] = argv;
  expect([isAbsolute(node), existsSync(node), existsSync(program)]).toEqual([true, true, true]);
  expect(more).toEqual(['kernel', '{connection_file}']);
});

test('installKernelspec() says when the folder cannot be written, and leaves nothing', () => {
  writeFileSync(join(prefix, 'share'), '');
  const directory = kernelspecDirectory({ kind: 'prefix', directory: prefix });
  expect(() => installKernelspec(directory)).toThrow('must be a folder that you can write to');
  expect(readdirSync(prefix)).toEqual(['share']);
});

test('uninstallKernelspec() removes what is there, and tells whether it was', () => {
  const directory = kernelspecDirectory({ kind: 'prefix', directory: prefix });
  installKernelspec(directory);
  expect([uninstallKernelspec(directory), uninstallKernelspec(directory)]).toEqual([true, false]);
  expect(existsSync(directory)).toBe(false);
});
