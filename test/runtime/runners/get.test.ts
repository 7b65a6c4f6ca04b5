import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { getFlink } from '../../../runtime/src/runners/get-flink.ts';
import { getPrism, prismProgram } from '../../../runtime/src/runners/get-prism.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A PATH with one program, a shell script. */
async function pathWith(name: string, script: string): Promise<void> {
  const folder = await temporaryFolder();
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, name), 0o755);
  vi.stubEnv('PATH', `${folder}${path.delimiter}/bin${path.delimiter}/usr/bin`);
}

beforeEach(() => () => vi.unstubAllEnvs());

test('getPrism() builds the pinned version into the home, once', async () => {
  const home = await temporaryFolder();
  await pathWith(
    'go',
    'echo "$@" >> "$GOBIN/../asked"; echo "#!/bin/sh" > "$GOBIN/prism"; chmod +x "$GOBIN/prism"',
  );
  expect(await getPrism({ home })).toBe(prismProgram(home));
  expect(await getPrism({ home })).toBe(prismProgram(home));
  expect(readFileSync(path.join(home, 'prism', 'asked'), 'utf8')).toBe(
    'install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0\n',
  );
});

test('getPrism() tells what Go said when it fails, and leaves nothing', async () => {
  const home = await temporaryFolder();
  await pathWith('go', 'echo "no route to the proxy" >&2; exit 3');
  const lines: string[] = [];
  await expect(getPrism({ home, onLine: (line) => lines.push(line) })).rejects.toThrow(
    /^Cannot fetch Prism 2\.77\.0 as ".*go" must end well: received exit code 3\n {2}no route to the proxy$/,
  );
  expect(lines).toEqual(['no route to the proxy']);
  expect(readdirSync(path.join(home, 'prism'))).toEqual([]);
});

test('getPrism() and getFlink() say what is missing without Go and Maven', async () => {
  const home = await temporaryFolder();
  vi.stubEnv('PATH', home);
  await expect(getPrism({ home })).rejects.toMatchObject({
    message: 'Cannot fetch Prism 2.77.0 as "go" must be installed: received a PATH without it',
    hint: expect.stringContaining('https://go.dev/dl') as string,
  });
  await expect(getFlink({ home })).rejects.toThrow('"mvn" must be installed');
});

test('getFlink() refuses jars that are not the known ones', async () => {
  const home = await temporaryFolder();
  await pathWith(
    'mvn',
    'for a in "$@"; do case "$a" in -DoutputDirectory=*) mkdir -p "${a#*=}"; echo x > "${a#*=}/a.jar";; esac; done',
  );
  await expect(getFlink({ home })).rejects.toThrow(/^Cannot use the jars of Flink as .* received nothing$/);
  expect(readdirSync(path.join(home, 'flink'))).toEqual([]);
});

test('getFlink() does nothing if the jars are there', async () => {
  const home = await temporaryFolder();
  const lib = path.join(home, 'flink', '1.19.0-beam-2.62.0', 'lib');
  mkdirSync(lib, { recursive: true });
  vi.stubEnv('PATH', home);
  expect(await getFlink({ home })).toBe(lib);
  expect(existsSync(lib)).toBe(true);
});
