/** Ports of a local cluster. */
export interface FlinkPorts {
  readonly rpc: number;
  readonly rest: number;
  readonly job: number;
  readonly artifact: number;
}

/** What a cluster can be told beside its ports. */
export interface FlinkConfigOptions {
  /** Of one TaskManager: how many parts of a job it runs at once. */
  readonly slots: number;
  /** Memory of one TaskManager for sorting and grouping, in MB: shared out to all groupings that run at once. */
  readonly managedMb: number;
  /** Folder for what Flink spills. */
  readonly temporary: string;
}

/** All parts of a TaskManager's memory but the managed one, in MB. */
const OTHER_MB = 1024 + 64 + 128 + 128 + 128 + 256 + 192;

/**
 * Flink's `config.yaml` of a small cluster on this machine.
 *
 * A TaskManager started without its distribution's scripts must be told the size of each part of its memory, else it
 * ends; the sizes add up to `process`.
 *
 * - The heap holds all that the open bundles made: Beam's runner passes it on only when a bundle has ended.
 * - A large record that does not fit into the buffer of a sort, half of a share of the managed memory, is handled
 *   apart from the others; else Flink fails.
 */
export function flinkConfig(
  { rpc, rest }: FlinkPorts,
  { slots, managedMb, temporary }: FlinkConfigOptions,
): string {
  // A slot of a shuffle of n × n slots needs buffers of 32 KB, and two jobs of ten shuffles each that run at once more than 64 MB of
  // them ("Insufficient number of network buffers"). What sorts in a shuffle would take 512 for itself, 16 MB: eight of a job
  // and its TaskManager had none left.
  // A process that ended is told from one that is busy by refused connections, which take two intervals. One that is busy, as
  // with two hundred tasks of a large job on a machine of two cores, may say nothing for ten seconds.
  // The threads of Beam's gRPC servers outlive the job that started them, and keep its class loader. It is the one of all jobs,
  // as jobs bring no jars; but with Flink's check it throws once that job has ended, and what Beam first sets up there, as its
  // coders where state is written, can never be used in this TaskManager ("Could not initialize class").
  return `jobmanager:
  rpc: {address: localhost, port: ${rpc}}
  bind-host: localhost
taskmanager:
  bind-host: localhost
  host: localhost
  numberOfTaskSlots: ${slots}
  cpu: {cores: ${slots}.0}
  memory:
    task: {heap: {size: 1024m}, off-heap: {size: 64m}}
    managed: {size: ${managedMb}m}
    network: {min: 128m, max: 128m}
    framework: {heap: {size: 128m}, off-heap: {size: 128m}}
    jvm-metaspace: {size: 256m}
    jvm-overhead: {min: 192m, max: 192m}
    process: {size: ${OTHER_MB + managedMb}m}
  network: {sort-shuffle: {min-buffers: 64}}
  runtime: {large-record-handler: true}
cluster: {evenly-spread-out-slots: true}
classloader: {check-leaked-classloader: false}
parallelism: {default: 1}
restart-strategy: {type: fixed-delay, fixed-delay: {attempts: 10, delay: 2s}}
heartbeat: {interval: 2000, timeout: 40000}
pekko: {ask: {timeout: 60s}}
rest: {address: localhost, port: ${rest}, bind-port: ${rest}, bind-address: localhost}
io: {tmp: {dirs: ${JSON.stringify(temporary)}}}
`;
}

const OPENED = [
  'java.util',
  'java.lang',
  'java.time',
  'java.nio',
  'java.util.concurrent',
  'java.net',
  'java.text',
  'java.lang.reflect',
  'java.io',
];

/** What the JVMs need on Java 11 and later: Flink's serializers look into these packages. */
export const JVM_OPENS: readonly string[] = [
  ...OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  '--add-exports=java.base/sun.net.util=ALL-UNNAMED',
];
