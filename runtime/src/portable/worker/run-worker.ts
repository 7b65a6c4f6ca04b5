import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { BeamFnControl } from '../../proto/fn-api.ts';
import { ServiceClient } from '../grpc/service-client.ts';
import { MODULE_ARTIFACT, SOURCE_MAP_ARTIFACT } from '../step-payload.ts';
import { fetchArtifacts } from './artifacts.ts';
import type { BundleThreadHost } from './bundle-thread-host.ts';
import { BundleThreads } from './bundle-threads.ts';
import { LogSender } from './log-sender.ts';
import { provision, type Provision } from './provision.ts';
import { reach } from './reach.ts';
import { RunningBundles } from './running-bundles.ts';
import { SdkHarness } from './sdk-harness.ts';
import { StatusReporter } from './status-reporter.ts';
import { Streams } from './streams.ts';
import type { FromBundleThread } from './thread-messages.ts';
import { makeWorkerFolder, type WorkerFolder } from './worker-folder.ts';
import type { WorkerOptions } from './worker-options.ts';

/** How long DoFns may take to tear down, in milliseconds. */
const TEARDOWN_MS = 5000;
const MAX_THREADS = 4;

/** What runWorker() takes beside a worker's options. */
export interface RunWorkerContext {
  /** Ends the worker: bundles under way are given up, DoFns torn down. */
  readonly signal?: AbortSignal | undefined;
  /** The script of bundle threads; the built one by default. */
  readonly threadScript?: URL | undefined;
  /** Takes log entries that cannot be sent to the runner; standard error by default. */
  readonly writeLine?: ((line: string) => void) | undefined;
}

/**
 * Runs a worker until its runner closes the control stream.
 *
 * Provision, artifacts, bundle threads, then the control stream. What goes wrong before the first bundle, and is the
 * job's fault (an artifact that is not there), is told to the runner with each bundle, as nobody reads a worker's
 * own output.
 *
 * @returns the error with which the control stream ended; undefined if the runner ended it, or is gone.
 * @throws if the runner cannot be reached, or asks for what is not supported.
 */
export async function runWorker(
  options: WorkerOptions,
  { signal = new AbortController().signal, threadScript, writeLine = writeToStderr }: RunWorkerContext = {},
): Promise<Error | undefined> {
  const { id: workerId } = options;
  const info = await provision(options, signal);
  const logger = new LogSender({ endpoint: info.loggingEndpoint, workerId, fallback: writeLine });
  const { default_sdk_harness_log_level: level } = info.pipelineOptions;
  if (typeof level === 'string') logger.setLevel(level);
  await logger.open();
  const absolute = (place: string | undefined) => (place === undefined ? undefined : path.resolve(place));
  const places = { parent: absolute(options.folder), nodeModules: absolute(options.nodeModules) };
  enterDirectory(info.pipelineOptions.millrace_directory);
  const folder = await makeWorkerFolder(places);
  const control = new ServiceClient(BeamFnControl, {
    url: info.controlEndpoint,
    metadata: { worker_id: workerId },
  });
  try {
    await reach(control, { url: info.controlEndpoint, purpose: 'control' });
    const broken = await tellFailure(() =>
      fetchArtifacts({
        dependencies: info.dependencies,
        endpoint: info.artifactEndpoint,
        workerId,
        cacheFolder: folder.cache,
        folder: folder.staged,
        signal,
      }),
    );
    return await obey({ options, info, logger, folder, control, broken, signal, threadScript });
  } finally {
    control.close();
    await logger.close();
    await folder.remove();
  }
}

async function obey(parts: {
  readonly options: WorkerOptions;
  readonly info: Provision;
  readonly logger: LogSender;
  readonly folder: WorkerFolder;
  readonly control: ServiceClient<typeof BeamFnControl>;
  readonly broken: string | undefined;
  readonly signal: AbortSignal;
  readonly threadScript: URL | undefined;
}): Promise<Error | undefined> {
  const { options, info, logger, folder, control, broken, signal } = parts;
  const streams = new Streams({ workerId: options.id, logger });
  const threads = new BundleThreads({
    script: parts.threadScript ?? new URL('../../worker-thread.js', import.meta.url),
    count: options.threads ?? Math.min(availableParallelism(), MAX_THREADS),
    data: {
      modulePath: existing(folder.staged, MODULE_ARTIFACT),
      sourceMapPath: existing(folder.staged, SOURCE_MAP_ARTIFACT),
      artifactFolder: folder.staged,
      pipelineOptions: info.pipelineOptions,
    },
    listener: {
      message: (thread, message) => {
        if (!bundles.take(thread, message)) log(logger, thread, message);
      },
      output: (thread, text, level) => {
        for (const line of text.split('\n'))
          if (line !== '') logger.log(level, line, { thread: thread.name });
      },
      crashed: (thread, reason) => {
        logger.log('error', `A bundle thread has ended, and another takes its place: ${reason}`, {
          thread: thread.name,
        });
        bundles.threadCrashed(thread, reason);
      },
    },
  });
  const bundles = new RunningBundles({ threads, streams });
  const status =
    info.statusEndpoint === undefined
      ? undefined
      : new StatusReporter(info.statusEndpoint, { workerId: options.id, threads, bundles, streams });
  try {
    const { runnerCapabilities } = info;
    const harness = new SdkHarness({ control, bundles, threads, logger, runnerCapabilities, broken });
    return await harness.run(signal);
  } finally {
    status?.close();
    await threads.close(TEARDOWN_MS);
    await streams.close();
  }
}

/**
 * Goes to the folder in which the pipeline was made, where this machine has it: so that a relative path means the same
 * to a function here and there.
 */
function enterDirectory(directory: unknown): void {
  if (typeof directory !== 'string') return;
  try {
    process.chdir(directory);
  } catch {
    // Another machine: a path is then looked for where the worker is, and its error says so.
  }
}

async function tellFailure(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function existing(folder: string, name: string): string | undefined {
  const file = path.join(folder, name);
  return existsSync(file) ? file : undefined;
}

function log(logger: LogSender, thread: BundleThreadHost, message: FromBundleThread): void {
  if (message.kind !== 'log') return;
  const { severity, instructionId, transformId } = message;
  logger.log(severity, message.message, { instructionId, transformId, thread: thread.name });
}

function writeToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
