import type { TlsOptions } from '../portable/grpc/channel.ts';

/** Where the user's code of a job runs. */
export type EnvironmentOptions =
  /** The runner starts worker processes on its machines: Millrace must be installed at the same path there. */
  | { readonly kind: 'process' }
  /** In this process: the job ends with the notebook. */
  | { readonly kind: 'loopback' }
  /** In a worker pool that runs already: `npx millrace worker-pool --port 50000`. */
  | { readonly kind: 'external'; readonly endpoint: string }
  /** In containers of an image that was made from the Dockerfile of `millrace export`. */
  | { readonly kind: 'docker'; readonly image: string };

/** How a job service is reached. */
export interface ConnectOptions {
  /** Of the job service: "localhost:8099". */
  readonly endpoint?: string | undefined;
  /** Of Flink's REST API, "http://localhost:8081": it knows how a job is while the job service does not. */
  readonly restEndpoint?: string | undefined;
  /** Encrypts the connection. */
  readonly tls?: TlsOptions | undefined;
  /** Sent with every call; needs `tls`. */
  readonly token?: string | undefined;
  /** Ends the call, and not the job; an interrupt of the cell does so by itself. */
  readonly signal?: AbortSignal | undefined;
}

/** What each worker should have. */
export interface ResourceHints {
  /** Memory, in bytes. */
  readonly minRam?: number | undefined;
  readonly cpuCount?: number | undefined;
  /** As in Beam: "type:nvidia-tesla-k80;count:1;install-nvidia-driver". */
  readonly accelerator?: string | undefined;
  /** Bundles that a worker may run at once. */
  readonly maxActiveBundlesPerWorker?: number | undefined;
}

/** What `promote` takes. */
export interface PromoteOptions extends ConnectOptions {
  /**
   * - 'prism': Beam's own small runner; one is started on this machine if there is no endpoint.
   * - 'flink': Beam's Flink job server; without an endpoint, that of `millrace flink up`.
   * - 'portable': any job service of Beam, by its endpoint.
   */
  readonly runner: 'prism' | 'flink' | 'portable';
  /** The pipeline's name by default. */
  readonly jobName?: string | undefined;
  /** How many parts of a step run at once, where the runner lets its user say so. A test stream on Flink has 1, always. */
  readonly parallelism?: number | undefined;
  readonly environment?: EnvironmentOptions | undefined;
  /** Options of Beam and of the runner, by name: { maxBundleSize: 1000 }. */
  readonly pipelineOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly resourceHints?: ResourceHints | undefined;
  /** So many elements of each PCollection are kept for `job.sample()`; 5 by default, 10 at most, 0 for none. */
  readonly samples?: number | undefined;
  /**
   * First runs the same steps on a sample of the sources (1000 elements of each, or n), here and on the runner, and goes
   * on only if both give the same elements.
   */
  readonly rehearse?: boolean | { readonly n: number } | undefined;
}

/** What the package's entry knows, and layers do not. */
export interface MillraceModules {
  /** Millrace's own modules by specifier: functions of a job get the worker's own. */
  readonly modules: Readonly<Record<string, object>>;
}
