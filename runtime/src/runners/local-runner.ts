/** A portable runner on this machine that takes jobs. */
export interface LocalRunner {
  readonly kind: 'prism' | 'flink';
  readonly version: string;
  /** Of its job service: "localhost:8073". */
  readonly endpoint: string;
  /** Of Flink's REST API, also its web page: "http://localhost:8081". */
  readonly restEndpoint?: string | undefined;
  /** The processes that it is made of. */
  readonly processes: readonly RunnerProcess[];
  /** The folder of its logs. */
  readonly logs: string;
}

/** One process of a runner. */
export interface RunnerProcess {
  readonly role: 'prism' | 'job-manager' | 'task-manager' | 'job-server';
  readonly pid: number;
  readonly logFile: string;
}
