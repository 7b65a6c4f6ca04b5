import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import type { StagedArtifact } from '../../../../runtime/src/portable/portable-pipeline.ts';
import { stageArtifacts } from '../../../../runtime/src/portable/job/stage-artifacts.ts';
import type { ArtifactResponseWrapper } from '../../../../runtime/src/proto/artifact-api.ts';
import {
  ArtifactFilePayloadSchema,
  ArtifactInformationSchema,
  ArtifactStagingToRolePayloadSchema,
} from '../../../../runtime/src/proto/runner-api.ts';
import { startJobService } from '../../../support/job-service.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

function information(name: string, sha256 = '') {
  const file = create(ArtifactFilePayloadSchema, { path: name, sha256 });
  const role = create(ArtifactStagingToRolePayloadSchema, { stagedName: name });
  return create(ArtifactInformationSchema, {
    typeUrn: 'beam:artifact:type:file:v1',
    typePayload: toBinary(ArtifactFilePayloadSchema, file),
    roleUrn: 'beam:artifact:role:staging_to:v1',
    rolePayload: toBinary(ArtifactStagingToRolePayloadSchema, role),
  });
}

/** Longer than a chunk, and not a multiple of one. */
const CODE = new Uint8Array(1_200_000).fill(3);

const asksFor = (name: string, sha256?: string) => ({
  request: { case: 'getArtifact' as const, value: { artifact: information(name, sha256) } },
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The chunks of each file, in the order of asking. */
function filesOf(staged: readonly ArtifactResponseWrapper[]): Uint8Array[][] {
  const files: Uint8Array[][] = [[]];
  for (const { response, isLast } of staged) {
    if (response.case !== 'getArtifactResponse') continue;
    if (isLast) files.push([]);
    else files.at(-1)?.push(response.value.data);
  }
  return files.slice(0, -1);
}

test('stageArtifacts() sends the token first, then the files that are asked for, in chunks', async () => {
  const big = new Uint8Array(2_500_000).map((_, index) => index % 251);
  const file = path.join(await temporaryFolder(), 'elements');
  await writeFile(file, big);
  const artifacts: readonly StagedArtifact[] = [
    {
      name: 'pipeline.mjs',
      sha256: sha256(CODE),
      content: { bytes: CODE },
    },
    { name: 'elements', sha256: sha256(big), content: { path: file } },
    { name: 'empty', sha256: sha256(new Uint8Array()), content: { bytes: new Uint8Array() } },
  ];
  const { url, staged } = await startJobService({
    asks: [
      { request: { case: 'resolveArtifact', value: { artifacts: [information('elements')] } } },
      asksFor('elements'),
      asksFor('pipeline.mjs'),
      asksFor('empty'),
      // A runner that has given it a name of its own.
      asksFor('staged-as-1', sha256(CODE)),
    ],
  });
  await stageArtifacts({ url }, { artifacts, token: 'session' });
  expect(staged[0]).toMatchObject({ stagingToken: 'session', response: { case: undefined } });
  expect(staged[1]?.response).toMatchObject({
    case: 'resolveArtifactResponse',
    value: { replacements: [{ typeUrn: 'beam:artifact:type:file:v1' }] },
  });
  const files = filesOf(staged);
  expect(files.map((chunks) => sha256(Buffer.concat(chunks)))).toEqual(
    [big, CODE, new Uint8Array(), CODE].map(sha256),
  );
  expect(Math.max(...files.flat().map(({ length }) => length))).toBeLessThanOrEqual(1 << 20);
});

test('stageArtifacts() refuses a file that the job has not, by name', async () => {
  const { url } = await startJobService({ asks: [asksFor('other.mjs')] });
  const artifacts = [{ name: 'a', sha256: 'x', content: { bytes: new Uint8Array() } }];
  await expect(stageArtifacts({ url }, { artifacts, token: 't' })).rejects.toThrow(
    'Cannot stage an artifact as the job must have it ("a"): received a request for "other.mjs"',
  );
});

test('stageArtifacts() ends when it is aborted while the runner is silent', async () => {
  const abort = new AbortController();
  // After an answer that is no last one, the script asks for nothing more, and does not end.
  const { url, staged } = await startJobService({
    asks: [{ request: { case: 'resolveArtifact', value: {} } }, { request: { case: undefined } }],
  });
  const staging = stageArtifacts({ url }, { artifacts: [], token: 't', signal: abort.signal });
  abort.abort(new RangeError('Interrupted'));
  await expect(staging).rejects.toThrow('Interrupted');
  expect(staged.length).toBeLessThanOrEqual(2);
});
