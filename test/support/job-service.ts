import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { serve } from '../../runtime/src/portable/grpc/service-server.ts';
import {
  ArtifactRequestWrapperSchema,
  ArtifactStagingService,
  type ArtifactRequestWrapper,
  type ArtifactResponseWrapper,
} from '../../runtime/src/proto/artifact-api.ts';
import { JobService } from '../../runtime/src/proto/job-api.ts';

/** A message's fields, as `create` takes them. */
type Fields = Record<string, unknown>;

/** What a scripted job service answers; a method that is left out is UNIMPLEMENTED. */
export interface ScriptedJobService {
  /** By local method name: gives the response, or throws an object with `code` and `details`. */
  readonly unary?: Readonly<Record<string, (request: never) => Fields>>;
  /** By local method name: gives the stream's messages. */
  readonly streams?: Readonly<Record<string, (request: never) => AsyncIterable<Fields> | Iterable<Fields>>>;
  /** What is asked for when artifacts are staged. */
  readonly asks?: readonly MessageInitShape<typeof ArtifactRequestWrapperSchema>[];
}

/** A scripted job service that listens until the test ends. */
export interface RunningJobService {
  /** "localhost:41234". */
  readonly url: string;
  /** All that staging sent. */
  readonly staged: ArtifactResponseWrapper[];
}

/** Serves the Job API by a script. */
export async function startJobService(script: ScriptedJobService): Promise<RunningJobService> {
  const staged: ArtifactResponseWrapper[] = [];
  const service = {
    describePipelineOptions: () => ({}),
    ...script.unary,
  };
  const handlers = Object.fromEntries([
    ...JobService.methods
      .filter(({ methodKind }) => methodKind === 'unary')
      .map(({ localName, output }) => [localName, unary(service, localName, output)]),
    ...Object.entries(script.streams ?? {}).map(([name, messages]) => [name, streaming(name, messages)]),
  ]) as Readonly<Record<string, never>>;
  const server = await serve([
    { service: JobService, handlers },
    {
      service: ArtifactStagingService,
      handlers: { reverseArtifactRetrievalService: staging(script.asks ?? [], staged) },
    },
  ]);
  onTestFinished(() => server.close());
  return { url: server.url, staged };
}

function unary(
  service: Readonly<Record<string, (request: never) => Fields>>,
  name: string,
  output: Parameters<typeof create>[0],
) {
  return (call: ServerUnaryCall<never, object>, answer: sendUnaryData<object>) => {
    try {
      const handler = service[name];
      if (handler === undefined) answer({ code: status.UNIMPLEMENTED, details: 'unimplemented' });
      else answer(null, create(output, handler(call.request)));
    } catch (error) {
      answer(error as { code: number; details: string }); // as scripts throw
    }
  };
}

function streaming(name: string, messages: (request: never) => AsyncIterable<Fields> | Iterable<Fields>) {
  const output = JobService.methods.find(({ localName }) => localName === name)?.output;
  return (call: ServerWritableStream<never, object>) => {
    const send = async () => {
      if (output === undefined) return;
      for await (const message of messages(call.request)) call.write(create(output, message));
      call.end();
    };
    send().catch((error: unknown) => call.emit('error', error));
  };
}

function staging(
  asks: readonly MessageInitShape<typeof ArtifactRequestWrapperSchema>[],
  staged: ArtifactResponseWrapper[],
) {
  return (call: ServerDuplexStream<ArtifactResponseWrapper, ArtifactRequestWrapper>) => {
    const open = [...asks];
    const next = () => {
      const ask = open.shift();
      if (ask === undefined) call.end();
      else call.write(create(ArtifactRequestWrapperSchema, ask));
    };
    call.on('data', (message: ArtifactResponseWrapper) => {
      staged.push(message);
      const isChunk = message.response.case === 'getArtifactResponse' && !message.isLast;
      if (!isChunk) next();
    });
    call.on('error', () => undefined); // the client went away
  };
}
