import { fromBinary } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { ArtifactRetrievalService } from '../../proto/artifact-api.ts';
import {
  ArtifactFilePayloadSchema,
  ArtifactStagingToRolePayloadSchema,
  ArtifactUrlPayloadSchema,
  EmbeddedFilePayloadSchema,
  type ArtifactInformation,
} from '../../proto/runner-api.ts';
import { StandardArtifacts_RolesUrn, StandardArtifacts_TypesUrn } from '../../proto/urns.ts';
import { isServiceError, ServiceClient } from '../grpc/service-client.ts';

/** How long the answer to one small question may take, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** What to fetch, and where to. */
export interface FetchArtifactsOptions {
  readonly dependencies: readonly ArtifactInformation[];
  /** Of the artifact retrieval service; not needed if nothing is to be fetched. */
  readonly endpoint: string | undefined;
  readonly workerId: string;
  /** Keeps what was fetched, by digest, for later workers; several may use it at a time. */
  readonly cacheFolder: string;
  /** Where the artifacts are put under their own names. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches a job's artifacts.
 *
 * Each is streamed to a file and its SHA-256 compared. One that is in the cache, and whole, is not fetched again.
 *
 * @throws {TypeError} for an artifact of a kind or name that cannot be staged; {RangeError} for a damaged one.
 */
export async function fetchArtifacts(options: FetchArtifactsOptions): Promise<void> {
  const { dependencies, endpoint, workerId, signal } = options;
  if (dependencies.length === 0) return;
  if (endpoint === undefined) {
    throw new TypeError(
      `Cannot fetch ${dependencies.length} artifacts as the runner must name an artifact endpoint: received none`,
    );
  }
  await mkdir(options.cacheFolder, { recursive: true });
  await mkdir(options.folder, { recursive: true });
  const client = new ServiceClient(ArtifactRetrievalService, {
    url: endpoint,
    metadata: { worker_id: workerId },
  });
  try {
    for (const artifact of await resolve(client, dependencies)) await stage(client, artifact, options);
  } finally {
    client.close();
  }

  async function resolve(
    service: ServiceClient<typeof ArtifactRetrievalService>,
    artifacts: readonly ArtifactInformation[],
  ): Promise<readonly ArtifactInformation[]> {
    try {
      const request = {
        artifacts: [...artifacts],
        preferredUrns: [StandardArtifacts_TypesUrn.FILE, StandardArtifacts_TypesUrn.EMBEDDED],
      };
      const { replacements } = await service.unary('resolveArtifacts', request, {
        timeoutMs: TIMEOUT_MS,
        signal,
      });
      return replacements;
    } catch (error) {
      if (isServiceError(error) && error.code === status.UNIMPLEMENTED) return artifacts;
      throw error;
    }
  }
}

async function stage(
  client: ServiceClient<typeof ArtifactRetrievalService>,
  artifact: ArtifactInformation,
  { cacheFolder, folder, signal }: FetchArtifactsOptions,
): Promise<void> {
  const target = path.join(folder, stagedName(artifact));
  await mkdir(path.dirname(target), { recursive: true });
  const digest = expectedDigest(artifact);
  if (digest !== '') {
    const cached = path.join(cacheFolder, digest);
    if ((await digestOf(cached)) === digest)
      await utimes(cached, new Date(), new Date()); // it was used
    else await fetchTo(cached, { client, artifact, digest, signal });
    await linkOrCopy(cached, target);
  } else {
    await fetchTo(target, { client, artifact, digest, signal });
  }
}

/** Writes an artifact at once whole: to a file beside its place, which is then renamed. */
async function fetchTo(
  target: string,
  {
    client,
    artifact,
    digest,
    signal,
  }: {
    readonly client: ServiceClient<typeof ArtifactRetrievalService>;
    readonly artifact: ArtifactInformation;
    readonly digest: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const temporary = `${target}.${randomUUID()}`;
  try {
    const hash = createHash('sha256');
    const file = await open(temporary, 'wx', 0o600);
    try {
      for await (const chunk of contentOf(artifact, client, signal)) {
        hash.update(chunk);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
    const received = hash.digest('hex');
    if (digest !== '' && received !== digest) {
      throw new RangeError(
        `Cannot use the artifact "${stagedName(artifact)}" as its SHA-256 must be ${digest}: received ${received}`,
      );
    }
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function* contentOf(
  artifact: ArtifactInformation,
  client: ServiceClient<typeof ArtifactRetrievalService>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  if (artifact.typeUrn === StandardArtifacts_TypesUrn.EMBEDDED) {
    yield fromBinary(EmbeddedFilePayloadSchema, artifact.typePayload).data;
    return;
  }
  for await (const { data } of client.serverStream('getArtifact', { artifact }, { signal })) yield data;
}

/** A name inside the worker's folder. @throws {TypeError} if it has none, or one that leads out of it. */
function stagedName({ roleUrn, rolePayload }: ArtifactInformation): string {
  if (roleUrn !== StandardArtifacts_RolesUrn.STAGING_TO) {
    throw new TypeError(
      `Cannot stage an artifact as its role must be ${StandardArtifacts_RolesUrn.STAGING_TO}: received ${roleUrn}`,
    );
  }
  const { stagedName: name } = fromBinary(ArtifactStagingToRolePayloadSchema, rolePayload);
  const normal = path.normalize(name);
  if (name === '' || normal === '.' || path.isAbsolute(normal) || normal.split(path.sep).includes('..')) {
    throw new TypeError(
      `Cannot stage an artifact as its name must lead into the worker's folder: received "${name}"`,
    );
  }
  return normal;
}

/** In hexadecimal; '' where the artifact names none. @throws {TypeError} for what is no digest, as it becomes a file's name. */
function expectedDigest({ typeUrn, typePayload }: ArtifactInformation): string {
  const digest = digestField(typeUrn, typePayload).toLowerCase();
  if (digest !== '' && !/^[0-9a-f]{64}$/.test(digest)) {
    throw new TypeError(`Cannot fetch an artifact as its SHA-256 must have 64 digits: received "${digest}"`);
  }
  return digest;
}

function digestField(typeUrn: string, payload: Uint8Array): string {
  switch (typeUrn) {
    case StandardArtifacts_TypesUrn.FILE:
      return fromBinary(ArtifactFilePayloadSchema, payload).sha256;
    case StandardArtifacts_TypesUrn.URL:
      return fromBinary(ArtifactUrlPayloadSchema, payload).sha256;
    default:
      return '';
  }
}

/** Undefined if there is no such file. */
async function digestOf(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return hash.digest('hex');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Two artifacts of one name are not told apart by the runner either: the later one stands. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to); // another file system, or one without links
  }
}
