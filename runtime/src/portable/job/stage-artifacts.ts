import { createReadStream } from 'node:fs';
import type { EventEmitter } from 'node:events';
import { create, fromBinary } from '@bufbuild/protobuf';
import {
  ArtifactResponseWrapperSchema,
  ArtifactStagingService,
  type ArtifactRequestWrapper,
  type ArtifactResponseWrapper,
} from '../../proto/artifact-api.ts';
import {
  ArtifactFilePayloadSchema,
  ArtifactStagingToRolePayloadSchema,
  type ArtifactInformation,
} from '../../proto/runner-api.ts';
import { StandardArtifacts_RolesUrn, StandardArtifacts_TypesUrn } from '../../proto/urns.ts';
import type { EndpointOptions } from '../grpc/channel.ts';
import { ServiceClient } from '../grpc/service-client.ts';
import type { StagedArtifact } from '../portable-pipeline.ts';

/** In bytes. Java's gRPC servers take 4 MB at most in one message; Beam Python sends 2 MB. */
const CHUNK = 1 << 20;

/** What staging takes. */
export interface StageOptions {
  readonly artifacts: readonly StagedArtifact[];
  /** As prepare() gave it. */
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hands the files of a job to the runner that asks for them: it is the runner that says what it lacks.
 *
 * Each file is read and sent in chunks, no faster than the runner takes them.
 *
 * @throws {RangeError} if the runner asks for a file that is not among them. @throws grpc-js's ServiceError.
 * @see beam_artifact_api.proto, ArtifactStagingService
 */
export async function stageArtifacts(endpoint: EndpointOptions, options: StageOptions): Promise<void> {
  const { artifacts, token, signal } = options;
  signal?.throwIfAborted();
  const client = new ServiceClient(ArtifactStagingService, endpoint);
  const call = client.bidiStream('reverseArtifactRetrievalService');
  const abort = () => call.cancel();
  signal?.addEventListener('abort', abort, { once: true });
  const send = async (message: ArtifactResponseWrapper) => {
    if (!call.write(message)) await drained(call);
  };
  call.on('error', () => undefined); // the loop below throws it; a cancelled call has one more
  try {
    // The first message carries the token alone.
    await send(create(ArtifactResponseWrapperSchema, { stagingToken: token }));
    for await (const request of call as AsyncIterable<ArtifactRequestWrapper>) {
      await answer(request, { artifacts, send });
    }
    call.end();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    call.cancel();
    client.close();
  }
}

/** Waits until the stream takes more, or is over. */
async function drained(call: EventEmitter): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      call.off('drain', done).off('close', done);
      resolve();
    };
    call.on('drain', done).on('close', done);
  });
}

async function answer(
  { request }: ArtifactRequestWrapper,
  {
    artifacts,
    send,
  }: {
    readonly artifacts: readonly StagedArtifact[];
    readonly send: (message: ArtifactResponseWrapper) => Promise<void>;
  },
): Promise<void> {
  switch (request.case) {
    case 'resolveArtifact':
      // All of ours can be fetched as they are.
      await send(
        create(ArtifactResponseWrapperSchema, {
          response: {
            case: 'resolveArtifactResponse',
            value: { replacements: request.value.artifacts },
          },
        }),
      );
      return;
    case 'getArtifact': {
      for await (const data of chunksOf(findArtifact(request.value.artifact, artifacts))) {
        await send(
          create(ArtifactResponseWrapperSchema, {
            response: { case: 'getArtifactResponse', value: { data } },
          }),
        );
      }
      await send(
        create(ArtifactResponseWrapperSchema, {
          response: { case: 'getArtifactResponse', value: { data: new Uint8Array() } },
          isLast: true,
        }),
      );
      return;
    }
    case undefined:
      // A later version of the protocol asks for something else: without an answer it would wait for ever.
      throw new RangeError(
        'Cannot stage artifacts as the runner must ask for one: received an unknown request',
      );
  }
}

/** The file that is meant: by its staged name, else by its checksum. */
function findArtifact(
  wanted: ArtifactInformation | undefined,
  artifacts: readonly StagedArtifact[],
): StagedArtifact {
  const name =
    wanted?.roleUrn === StandardArtifacts_RolesUrn.STAGING_TO
      ? fromBinary(ArtifactStagingToRolePayloadSchema, wanted.rolePayload).stagedName
      : undefined;
  const sha256 =
    wanted?.typeUrn === StandardArtifacts_TypesUrn.FILE
      ? fromBinary(ArtifactFilePayloadSchema, wanted.typePayload).sha256
      : undefined;
  const found =
    artifacts.find((artifact) => artifact.name === name) ??
    artifacts.find((artifact) => artifact.sha256 === sha256);
  if (found === undefined) {
    const names = artifacts.map((artifact) => `"${artifact.name}"`).join(', ');
    throw new RangeError(
      `Cannot stage an artifact as the job must have it (${names}): received a request for "${name ?? wanted?.typeUrn ?? ''}"`,
    );
  }
  return found;
}

async function* chunksOf({ content }: StagedArtifact): AsyncGenerator<Uint8Array, void, void> {
  if ('path' in content) {
    yield* createReadStream(content.path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>;
    return;
  }
  for (let at = 0; at < content.bytes.length; at += CHUNK) yield content.bytes.subarray(at, at + CHUNK);
}
