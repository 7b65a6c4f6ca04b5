import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { create, type Message } from '@bufbuild/protobuf';
import { expect, onTestFinished, test } from 'vitest';
import { CHANNEL_OPTIONS, type EndpointOptions } from '../../../../runtime/src/portable/grpc/channel.ts';
import { isServiceError, ServiceClient } from '../../../../runtime/src/portable/grpc/service-client.ts';
import { serviceDefinition } from '../../../../runtime/src/portable/grpc/service-definition.ts';
import { serve } from '../../../../runtime/src/portable/grpc/service-server.ts';
import {
  GetJobsResponseSchema,
  GetJobStateRequestSchema,
  JobService,
  JobState_Enum,
  JobStateEventSchema,
} from '../../../../runtime/src/proto/job-api.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const STATES = [JobState_Enum.STARTING, JobState_Enum.RUNNING, JobState_Enum.DONE];

type Unary = (call: ServerUnaryCall<Message, Message>, answer: sendUnaryData<Message>) => void;

/** Answers getJobs with one job, whose name is the token that came with the call. */
const tellToken: Unary = (call, answer) => {
  const jobName = String(call.metadata.get('authorization')[0] ?? 'no token');
  answer(null, create(GetJobsResponseSchema, { jobInfo: [{ jobId: 'job-1', jobName }] }));
};

function clientOf(endpoint: EndpointOptions): ServiceClient<typeof JobService> {
  const client = new ServiceClient(JobService, endpoint);
  onTestFinished(() => client.close());
  return client;
}

async function served(handlers: UntypedServiceImplementation): Promise<string> {
  const server = await serve([{ service: JobService, handlers }]);
  onTestFinished(() => server.close());
  return server.url;
}

/** A key and a certificate for "localhost" that nobody else knows, made by openssl. */
async function selfSigned(): Promise<{ readonly key: Buffer; readonly certificate: Buffer }> {
  const folder = await temporaryFolder();
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    {
      stdio: 'ignore',
    },
  );
  return { key: readFileSync(key), certificate: readFileSync(certificate) };
}

/** A JobService behind TLS. */
async function servedByTls(handlers: UntypedServiceImplementation) {
  const { key, certificate } = await selfSigned();
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(serviceDefinition(JobService), handlers);
  const credentials = ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: certificate }]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('localhost:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  onTestFinished(() => server.forceShutdown());
  return { port, certificate };
}

/** A promise that is settled from elsewhere. */
function deferred(): { readonly promise: Promise<boolean>; readonly resolve: (value: boolean) => void } {
  let resolve: (value: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** What a promise rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('unary() gives the answer over TLS, and sends the token, when the certificate is trusted', async () => {
  const { port, certificate } = await servedByTls({ getJobs: tellToken });
  const tls = { rootCertificates: certificate };
  const client = clientOf({ url: `localhost:${port}`, tls, token: 'secret' });
  const { jobInfo } = await client.unary('getJobs', {}, { timeoutMs: 10_000 });
  expect(jobInfo.map(({ jobName }) => jobName)).toEqual(['Bearer secret']);
});

test('unary() takes the name in the certificate from serverName, when the URL has another', async () => {
  const { port, certificate } = await servedByTls({ getJobs: tellToken });
  const tls = { rootCertificates: certificate, serverName: 'localhost' };
  const { jobInfo } = await clientOf({ url: `127.0.0.1:${port}`, tls }).unary(
    'getJobs',
    {},
    { timeoutMs: 10_000 },
  );
  expect(jobInfo).toHaveLength(1);
});

test('unary() fails, and sends nothing, when the certificate is not trusted', async () => {
  let calls = 0;
  const getJobs: Unary = (call, answer) => {
    calls += 1;
    tellToken(call, answer);
  };
  const { port } = await servedByTls({ getJobs });
  const client = clientOf({ url: `localhost:${port}`, tls: {}, token: 'secret' });
  expect(await failureOf(client.unary('getJobs', {}, { timeoutMs: 10_000 }))).toMatchObject({
    code: status.UNAVAILABLE,
  });
  expect(calls).toBe(0);
});

test('ServiceClient refuses a token without TLS, which would send it in the clear', () => {
  expect(() => new ServiceClient(JobService, { url: 'localhost:1', token: 'secret' })).toThrow(
    'Cannot send a token to localhost:1 as the connection must be encrypted: received no tls option',
  );
});

test('unary() fails with DEADLINE_EXCEEDED, when no answer comes in time', async () => {
  const url = await served({ getJobs: () => undefined });
  const error = await failureOf(clientOf({ url }).unary('getJobs', {}, { timeoutMs: 50 }));
  expect(isServiceError(error) && error.code).toBe(status.DEADLINE_EXCEEDED);
});

test("unary() rejects with the signal's reason, and cancels the call, when it is aborted", async () => {
  const stop = new AbortController();
  const reason = new Error('Enough');
  const cancelled = deferred();
  const getJobs: Unary = (call) => {
    call.on('cancelled', () => cancelled.resolve(true));
    stop.abort(reason);
  };
  const url = await served({ getJobs });
  expect(await failureOf(clientOf({ url }).unary('getJobs', {}, { signal: stop.signal }))).toBe(reason);
  expect(await cancelled.promise).toBe(true);
});

test('serverStream() is cancelled at the server, when its reader has enough', async () => {
  const cancelled = deferred();
  const url = await served({
    getStateStream(call: ServerWritableStream<Message, Message>) {
      call.on('cancelled', () => cancelled.resolve(true));
      for (const state of STATES) call.write(create(JobStateEventSchema, { state }));
    },
  });
  const states: JobState_Enum[] = [];
  const request = create(GetJobStateRequestSchema, { jobId: 'job-1' });
  for await (const { state } of clientOf({ url }).serverStream('getStateStream', request)) {
    states.push(state);
    if (states.length === 2) break;
  }
  expect(states).toEqual([JobState_Enum.STARTING, JobState_Enum.RUNNING]);
  expect(await cancelled.promise).toBe(true);
});
