import { parseArgs } from 'node:util';

/** What a worker is started with. Whatever the provision service tells comes before the endpoints given here. */
export interface WorkerOptions {
  /** The runner's name for this worker: sent with every call. */
  readonly id: string;
  /** Where to ask for all else: "localhost:41234". */
  readonly provisionEndpoint?: string | undefined;
  readonly controlEndpoint?: string | undefined;
  readonly loggingEndpoint?: string | undefined;
  readonly artifactEndpoint?: string | undefined;
  readonly statusEndpoint?: string | undefined;
  /** A folder that outlives the worker: artifacts are kept there, by digest. The system's temporary folder by default. */
  readonly folder?: string | undefined;
  /** Threads that run bundles; as many as there are cores, but at most 4, by default. */
  readonly threads?: number | undefined;
  /** A `node_modules` folder with the job's native packages; the nearest one to the working folder by default. */
  readonly nodeModules?: string | undefined;
  /** Ends the worker when the process that started it has ended. */
  readonly watchParent?: boolean | undefined;
}

const FLAGS = {
  id: { type: 'string' },
  provision_endpoint: { type: 'string' },
  control_endpoint: { type: 'string' },
  logging_endpoint: { type: 'string' },
  artifact_endpoint: { type: 'string' },
  status_endpoint: { type: 'string' },
  semi_persist_dir: { type: 'string' },
  threads: { type: 'string' },
  node_modules: { type: 'string' },
  watch_parent: { type: 'boolean' },
} as const;

/**
 * Reads a worker's command line, in the flags that Beam's containers take: `--id=1-1 --provision_endpoint=localhost:41234`.
 *
 * What no flag gives is taken from the environment, under the names by which Beam's boot programs pass it on
 * (WORKER_ID, CONTROL_API_SERVICE_DESCRIPTOR …), and MILLRACE_WORKER_THREADS and MILLRACE_NODE_MODULES.
 *
 * @throws {TypeError} for a flag that there is not, or if neither a provision nor a control endpoint is given.
 */
export function workerOptionsFrom(args: readonly string[], env: NodeJS.ProcessEnv): WorkerOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS, strict: true });
  const id = unquoted(values.id ?? env.WORKER_ID);
  const options: WorkerOptions = {
    id: id ?? '',
    provisionEndpoint: unquoted(values.provision_endpoint) ?? descriptorUrl(env, 'PROVISION'),
    controlEndpoint: unquoted(values.control_endpoint) ?? descriptorUrl(env, 'CONTROL'),
    loggingEndpoint: unquoted(values.logging_endpoint) ?? descriptorUrl(env, 'LOGGING'),
    artifactEndpoint: unquoted(values.artifact_endpoint) ?? descriptorUrl(env, 'ARTIFACT'),
    statusEndpoint: unquoted(values.status_endpoint) ?? descriptorUrl(env, 'STATUS'),
    folder: unquoted(values.semi_persist_dir ?? env.SEMI_PERSISTENT_DIRECTORY),
    threads: threadCount(values.threads ?? env.MILLRACE_WORKER_THREADS),
    nodeModules: unquoted(values.node_modules ?? env.MILLRACE_NODE_MODULES),
    watchParent: values.watch_parent ?? false,
  };
  if (id === undefined) {
    throw new TypeError('Cannot start a worker as the runner must name it: received no --id');
  }
  if (options.provisionEndpoint === undefined && options.controlEndpoint === undefined) {
    throw new TypeError(
      'Cannot start a worker as it must know its runner: received neither --provision_endpoint nor --control_endpoint',
    );
  }
  return options;
}

/** Prism calls a program without a shell, but quotes the id as for one. */
function unquoted(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  return /^(['"])(.*)\1$/.exec(text)?.[2] ?? text;
}

/** The URL in an ApiServiceDescriptor of protobuf's text format: `url: "localhost:41234"`. */
function descriptorUrl(env: NodeJS.ProcessEnv, service: string): string | undefined {
  return /\burl:\s*"([^"]*)"/.exec(env[`${service}_API_SERVICE_DESCRIPTOR`] ?? '')?.[1];
}

function threadCount(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1 || count > 256) {
    throw new TypeError(
      `Cannot start a worker as --threads must be a whole number from 1 to 256: received ${text}`,
    );
  }
  return count;
}
