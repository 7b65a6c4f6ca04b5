import { ProvisionService, type ProvisionInfo } from '../../proto/provision-api.ts';
import type { ArtifactInformation } from '../../proto/runner-api.ts';
import type { ApiServiceDescriptor } from '../../proto/endpoints.ts';
import { ServiceClient } from '../grpc/service-client.ts';
import { endpointUrl } from './known-descriptor.ts';
import { reach } from './reach.ts';
import type { WorkerOptions } from './worker-options.ts';

/** How long the runner may take to answer, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** What a worker knows of its job and its runner. */
export interface Provision {
  readonly controlEndpoint: string;
  readonly loggingEndpoint: string | undefined;
  readonly artifactEndpoint: string | undefined;
  readonly statusEndpoint: string | undefined;
  readonly dependencies: readonly ArtifactInformation[];
  /** By their plain names: `beam:option:parallelism:v1` is `parallelism`. */
  readonly pipelineOptions: Readonly<Record<string, unknown>>;
  readonly runnerCapabilities: readonly string[];
}

/**
 * Asks the provision service, if there is one, for all that a worker needs; endpoints that it does not name are taken
 * from the worker's options.
 *
 * @throws {TypeError} if no control endpoint is known, or one asks for authentication.
 */
export async function provision(options: WorkerOptions, signal?: AbortSignal): Promise<Provision> {
  const info =
    options.provisionEndpoint === undefined
      ? undefined
      : await askFor(options.provisionEndpoint, options.id, signal);
  const control = named(info?.controlEndpoint, 'control') ?? options.controlEndpoint;
  if (control === undefined) {
    throw new TypeError(
      'Cannot start a worker as the runner must name a control endpoint: received none, neither from the provision service nor as --control_endpoint',
    );
  }
  return {
    controlEndpoint: control,
    loggingEndpoint: named(info?.loggingEndpoint, 'logging') ?? options.loggingEndpoint,
    artifactEndpoint: named(info?.artifactEndpoint, 'artifacts') ?? options.artifactEndpoint,
    statusEndpoint: named(info?.statusEndpoint, 'worker status') ?? options.statusEndpoint,
    dependencies: info?.dependencies ?? [],
    pipelineOptions: plainOptions(info?.pipelineOptions ?? {}),
    runnerCapabilities: info?.runnerCapabilities ?? [],
  };
}

async function askFor(url: string, id: string, signal?: AbortSignal): Promise<ProvisionInfo | undefined> {
  const client = new ServiceClient(ProvisionService, { url, metadata: { worker_id: id } });
  try {
    await reach(client, { url, purpose: 'provision' });
    const { info } = await client.unary('getProvisionInfo', {}, { timeoutMs: TIMEOUT_MS, signal });
    return info;
  } finally {
    client.close();
  }
}

function named(endpoint: ApiServiceDescriptor | undefined, purpose: string): string | undefined {
  return endpoint === undefined || endpoint.url === '' ? undefined : endpointUrl(endpoint, purpose);
}

function plainOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [/^beam:option:(.*):v1$/.exec(name)?.[1] ?? name, value]),
  );
}
