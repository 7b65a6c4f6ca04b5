import { create } from '@bufbuild/protobuf';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  BeamFnExternalWorkerPool,
  StartWorkerResponseSchema,
  StopWorkerResponseSchema,
  type StartWorkerRequest,
  type StartWorkerResponse,
  type StopWorkerRequest,
  type StopWorkerResponse,
} from '../../proto/fn-api.ts';
import { serve } from '../grpc/service-server.ts';
import { endpointUrl } from './known-descriptor.ts';

/** How long a worker that was told to end may take, in milliseconds. */
const END_MS = 10_000;

/** How a pool is started. */
export interface WorkerPoolOptions {
  /** "localhost" unless told otherwise; "0.0.0.0" lets runners on other machines in: they can run code here. */
  readonly host?: string | undefined;
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Threads of each worker. */
  readonly threads?: number | undefined;
  /** A `node_modules` folder with native packages for the jobs. */
  readonly nodeModules?: string | undefined;
  /** The worker's script; the package's own by default. */
  readonly script?: string | undefined;
  /** Told of each worker's start and end; nothing by default. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A pool that listens. */
export interface WorkerPool {
  /** "localhost:41234": what an EXTERNAL environment names. */
  readonly url: string;
  /** The workers that run now. */
  readonly workers: readonly { readonly id: string; readonly pid: number | undefined }[];
  /** Ends all workers, and then listens no more. */
  close(): Promise<void>;
}

interface PooledWorker {
  readonly id: string;
  readonly peer: string;
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

/**
 * Starts workers when a runner asks for them, each as a process of its own: the service of EXTERNAL environments.
 *
 * Two Flink task managers may give their workers the same id, so a worker is known by its id and by who asked for it.
 * Workers end when they are told to, when their runner is gone, and when the pool is.
 *
 * @throws the system's error if the port is taken.
 */
export async function startWorkerPool(options: WorkerPoolOptions = {}): Promise<WorkerPool> {
  const workers = new Set<PooledWorker>();
  const killAll = () => {
    for (const { child } of workers) child.kill('SIGKILL');
  };
  const server = await serve(
    [
      {
        service: BeamFnExternalWorkerPool,
        handlers: {
          startWorker: (
            call: ServerUnaryCall<StartWorkerRequest, StartWorkerResponse>,
            answer: sendUnaryData<StartWorkerResponse>,
          ) => {
            const error = tryTo(() => startWorker(call.request, { peer: call.getPeer(), workers, options }));
            answer(null, create(StartWorkerResponseSchema, { error }));
          },
          stopWorker: (
            call: ServerUnaryCall<StopWorkerRequest, StopWorkerResponse>,
            answer: sendUnaryData<StopWorkerResponse>,
          ) => {
            const worker = find(workers, { id: call.request.workerId, peer: call.getPeer() });
            const stopped = worker === undefined ? Promise.resolve() : stop(worker);
            void stopped.then(() => answer(null, create(StopWorkerResponseSchema)));
          },
        },
      },
    ],
    { host: options.host ?? 'localhost', port: options.port ?? 0 },
  );
  process.once('exit', killAll);
  return {
    url: server.url,
    get workers() {
      return [...workers].map(({ id, child }) => ({ id, pid: child.pid }));
    },
    close: async () => {
      await server.close();
      await Promise.all([...workers].map(stop));
      process.off('exit', killAll);
    },
  };
}

/** Of workers with one id, the one that the same runner process asked for; if that is unclear, none: it ends with its runner. */
function find(
  workers: ReadonlySet<PooledWorker>,
  { id, peer }: { readonly id: string; readonly peer: string },
): PooledWorker | undefined {
  const named = [...workers].filter((worker) => worker.id === id);
  return named.find((worker) => worker.peer === peer) ?? (named.length === 1 ? named[0] : undefined);
}

function startWorker(
  request: StartWorkerRequest,
  {
    peer,
    workers,
    options,
  }: { readonly peer: string; readonly workers: Set<PooledWorker>; readonly options: WorkerPoolOptions },
): void {
  const { workerId: id } = request;
  const flag = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}=${value}`];
  const endpoint = (descriptor: StartWorkerRequest['controlEndpoint'], purpose: string) =>
    descriptor === undefined || descriptor.url === '' ? undefined : endpointUrl(descriptor, purpose);
  const args = [
    options.script ?? fileURLToPath(new URL('../../../bin/millrace-worker.mjs', import.meta.url)),
    `--id=${id}`,
    '--watch_parent',
    ...flag('control_endpoint', endpoint(request.controlEndpoint, 'control')),
    ...flag('logging_endpoint', endpoint(request.loggingEndpoint, 'logging')),
    ...flag('artifact_endpoint', endpoint(request.artifactEndpoint, 'artifacts')),
    ...flag('provision_endpoint', endpoint(request.provisionEndpoint, 'provision')),
    ...flag('threads', options.threads?.toString()),
    ...flag('node_modules', options.nodeModules),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      options.log?.(
        `Worker ${id} (process ${child.pid ?? 'unknown'}) ended: ${signal ?? `exit code ${code ?? 'unknown'}`}`,
      );
      workers.delete(worker);
      resolve();
    });
    child.once('error', (error) => {
      options.log?.(`Worker ${id} could not be started: ${error.message}`);
      workers.delete(worker);
      resolve();
    });
  });
  const worker: PooledWorker = { id, peer, child, ended };
  workers.add(worker);
  options.log?.(`Worker ${id} started as process ${child.pid ?? 'unknown'}`);
}

async function stop({ child, ended }: PooledWorker): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await ended;
  clearTimeout(timer);
}

function tryTo(work: () => void): string {
  try {
    work();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
