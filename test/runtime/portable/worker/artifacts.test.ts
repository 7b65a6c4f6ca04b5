import { create, toBinary } from '@bufbuild/protobuf';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fetchArtifacts } from '../../../../runtime/src/portable/worker/artifacts.ts';
import {
  ArtifactFilePayloadSchema,
  ArtifactInformationSchema,
  ArtifactStagingToRolePayloadSchema,
  EmbeddedFilePayloadSchema,
  type ArtifactInformation,
} from '../../../../runtime/src/proto/runner-api.ts';
import { ScriptedRunner } from '../../../support/scripted-runner.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const CONTENT = Buffer.from('a module '.repeat(1000)); // nine chunks of the scripted runner

function artifact(name: string, digest: string): ArtifactInformation {
  return create(ArtifactInformationSchema, {
    typeUrn: 'beam:artifact:type:file:v1',
    typePayload: toBinary(
      ArtifactFilePayloadSchema,
      create(ArtifactFilePayloadSchema, { path: '/there', sha256: digest }),
    ),
    roleUrn: 'beam:artifact:role:staging_to:v1',
    rolePayload: toBinary(
      ArtifactStagingToRolePayloadSchema,
      create(ArtifactStagingToRolePayloadSchema, { stagedName: name }),
    ),
  });
}

/** A runner that has these artifacts, and folders to fetch them to. */
async function setUp(dependencies: readonly ArtifactInformation[], content: Uint8Array = CONTENT) {
  const runner = await ScriptedRunner.start({
    artifacts: new Map(
      dependencies.map((each) => [Buffer.from(each.typePayload).toString('latin1'), content]),
    ),
  });
  const root = await temporaryFolder();
  const options = {
    dependencies,
    endpoint: runner.url,
    workerId: 'w',
    cacheFolder: path.join(root, 'cache'),
  };
  return { runner, options, root };
}

test('fetchArtifacts() puts artifacts under their names, and fetches none twice', async () => {
  const { runner, options, root } = await setUp([artifact('pipeline.mjs', sha256(CONTENT))]);
  await fetchArtifacts({ ...options, folder: path.join(root, 'first') });
  await fetchArtifacts({ ...options, folder: path.join(root, 'second') });
  for (const folder of ['first', 'second']) {
    expect(await readFile(path.join(root, folder, 'pipeline.mjs'))).toEqual(CONTENT);
  }
  expect(runner.fetched).toHaveLength(1);
  expect(await readdir(options.cacheFolder)).toEqual([sha256(CONTENT)]);
});

test('fetchArtifacts() fetches again what is damaged in the cache', async () => {
  const { runner, options, root } = await setUp([artifact('pipeline.mjs', sha256(CONTENT))]);
  await fetchArtifacts({ ...options, folder: path.join(root, 'first') });
  await writeFile(path.join(options.cacheFolder, sha256(CONTENT)), 'something else');
  await fetchArtifacts({ ...options, folder: path.join(root, 'second') });
  expect(await readFile(path.join(root, 'second', 'pipeline.mjs'))).toEqual(CONTENT);
  expect(runner.fetched).toHaveLength(2);
});

test('fetchArtifacts() keeps nothing of an artifact that came damaged', async () => {
  const { options, root } = await setUp([artifact('a.txt', sha256(CONTENT))], Buffer.from('damaged'));
  await expect(fetchArtifacts({ ...options, folder: path.join(root, 'own') })).rejects.toThrow(
    `"a.txt" as its SHA-256 must be ${sha256(CONTENT)}: received ${sha256(Buffer.from('damaged'))}`,
  );
  expect(await readdir(options.cacheFolder)).toEqual([]);
});

test('fetchArtifacts() takes embedded artifacts, and those without digest', async () => {
  const embedded = create(ArtifactInformationSchema, {
    ...artifact('sub/inside.txt', ''),
    typeUrn: 'beam:artifact:type:embedded:v1',
    typePayload: toBinary(
      EmbeddedFilePayloadSchema,
      create(EmbeddedFilePayloadSchema, { data: Buffer.from('in') }),
    ),
  });
  const { options, root } = await setUp([artifact('plain.txt', ''), embedded]);
  await fetchArtifacts({ ...options, folder: path.join(root, 'own') });
  expect(await readFile(path.join(root, 'own/plain.txt'))).toEqual(CONTENT);
  expect(await readFile(path.join(root, 'own/sub/inside.txt'), 'utf8')).toBe('in');
});

test.each(['../evil', '/etc/passwd', 'a/../../b', ''])(
  'fetchArtifacts() refuses the name "%s", which leads out of its folder',
  async (name) => {
    const { options, root } = await setUp([artifact(name, '')]);
    await expect(fetchArtifacts({ ...options, folder: path.join(root, 'own') })).rejects.toThrow(
      `its name must lead into the worker's folder: received "${name}"`,
    );
  },
);

test('fetchArtifacts() refuses a digest that is none, as it becomes the name of a file', async () => {
  const { options, root } = await setUp([artifact('a', '../../etc')]);
  await expect(fetchArtifacts({ ...options, folder: path.join(root, 'own') })).rejects.toThrow(
    'its SHA-256 must have 64 digits: received "../../etc"',
  );
});

test('fetchArtifacts() asks nobody, when there is nothing to fetch', async () => {
  const folder = await temporaryFolder();
  await fetchArtifacts({ dependencies: [], endpoint: undefined, workerId: 'w', cacheFolder: folder, folder });
  expect(await readdir(folder)).toEqual([]);
});
