import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { dockerfile } from '../../../../runtime/src/portable/worker/dockerfile.ts';

/** The instructions of a Dockerfile, with what follows each. */
function instructions(text: string): [string, string][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      return [name, rest];
    });
}

test('dockerfile() installs Millrace and native packages by their versions, and runs workers as no root', () => {
  const parts = instructions(
    dockerfile({ millrace: '0.1.0', packages: [{ name: '@scope/native', version: '1.2.3' }] }),
  );
  expect(parts.map(([name]) => name)).toEqual(['FROM', 'ENV', 'WORKDIR', 'RUN', 'USER', 'ENTRYPOINT']);
  const of = Object.fromEntries(parts);
  expect(of.FROM).toBe('node:20-slim');
  expect(of.RUN).toContain(' millrace@0.1.0 @scope/native@1.2.3 ');
  expect(of.USER).toBe('node');
  expect(JSON.parse(of.ENTRYPOINT ?? '')).toEqual([
    'node',
    '/opt/millrace/node_modules/millrace/bin/millrace-worker.mjs',
    '--node_modules=/opt/millrace/node_modules',
  ]);
});

test('dockerfile() takes a packed tarball in place of a version', () => {
  const of = Object.fromEntries(
    instructions(dockerfile({ millrace: 'vendor/millrace-0.1.0.tgz', node: 24 })),
  );
  expect(of.FROM).toBe('node:24-slim');
  expect(JSON.parse(of.COPY ?? '')).toEqual(['vendor/millrace-0.1.0.tgz', './millrace.tgz']);
  expect(of.RUN).toContain(' ./millrace.tgz ');
});

test.each(['1.0 && rm -rf /', '$(id)', '-g'])('dockerfile() refuses the version "%s"', (version) => {
  expect(() => dockerfile({ millrace: '0.1.0', packages: [{ name: 'a', version }] })).toThrow(`"${version}"`);
});

test.each([
  { name: 'a version', options: { millrace: '0.1.0' } },
  {
    name: 'a tarball and a native package',
    options: { millrace: 'vendor/millrace.tgz', packages: [{ name: 'a', version: '1.0.0' }] },
  },
])('dockerfile() has nothing that a linter finds, with $name', ({ options }) => {
  expect(validate(dockerfile(options))).toEqual([]);
  // The linter does find what is wrong.
  expect(validate(dockerfile(options).replace('WORKDIR /opt', 'WORKDIRS /opt'))).not.toEqual([]);
});
