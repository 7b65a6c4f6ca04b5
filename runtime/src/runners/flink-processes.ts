import { copyFileSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { JVM_OPENS, type FlinkPorts } from './flink-config.ts';
import { startProcess, type LocalProcess } from './local-process.ts';

/** What all processes of a cluster share. */
export interface FlinkSetting {
  readonly java: string;
  /** Folder of the jars. */
  readonly lib: string;
  /** Folder of this cluster: `conf/`, `logs/`, `temporary/`, `artifacts/`. */
  readonly folder: string;
  readonly ports: FlinkPorts;
}

/** Starts the JobManager, which schedules jobs. */
export function startJobManager(setting: FlinkSetting): LocalProcess {
  return startJvm(setting, {
    log: 'job-manager',
    jvm: ['-Xmx900m'],
    main: 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
    args: ['--configDir', path.join(setting.folder, 'conf')],
  });
}

/** Starts a TaskManager, which runs parts of jobs. `id` is how Flink names it. */
export function startTaskManager(setting: FlinkSetting, id: string): LocalProcess {
  return startJvm(setting, {
    log: id,
    jvm: ['-Xmx1152m', '-XX:MaxDirectMemorySize=384m'],
    main: 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner',
    args: ['--configDir', path.join(setting.folder, 'conf'), '-D', `taskmanager.resource-id=${id}`],
  });
}

/**
 * Starts Beam's job server, which takes portable pipelines and submits them to the JobManager.
 *
 * Its jars have a folder of their own, `linkJars` makes it.
 */
export function startJobServer(setting: FlinkSetting): LocalProcess {
  const { folder, ports } = setting;
  return startJvm(
    { ...setting, lib: jobServerLib(folder) },
    {
      log: 'job-server',
      jvm: ['-Xmx1500m'],
      main: 'org.apache.beam.runners.flink.FlinkJobServerDriver',
      args: [
        `--flink-master=localhost:${ports.rest}`,
        `--flink-conf-dir=${path.join(folder, 'conf')}`,
        '--job-host=localhost',
        `--job-port=${ports.job}`,
        `--artifact-port=${ports.artifact}`,
        '--expansion-port=-1', // it would expand Java transforms, which are not supported yet
        `--artifacts-dir=${path.join(folder, 'artifacts')}`,
        '--history-size=100',
      ],
    },
  );
}

/**
 * Links the jars to where the job server takes them from.
 *
 * The job server sends all jars of its class path, 152 MB, with each job, and a TaskManager loads the classes anew from
 * them: some 15 s for a job that takes one. The TaskManagers have the same jars; but there is no option to send none.
 * What Beam never sends is jars whose path holds "gradle/wrapper" (PipelineResources.isStageable).
 */
export function linkJars({ lib, folder }: FlinkSetting): void {
  const target = jobServerLib(folder);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(lib)) {
    try {
      linkSync(path.join(lib, name), path.join(target, name));
    } catch {
      copyFileSync(path.join(lib, name), path.join(target, name)); // another disk, or one without links
    }
  }
}

function jobServerLib(folder: string): string {
  return path.join(folder, 'gradle', 'wrapper');
}

function startJvm(
  { java, lib, folder }: FlinkSetting,
  options: {
    readonly log: string;
    readonly jvm: readonly string[];
    readonly main: string;
    readonly args: readonly string[];
  },
): LocalProcess {
  return startProcess(java, {
    args: [
      ...options.jvm,
      ...JVM_OPENS,
      `-Djava.io.tmpdir=${path.join(folder, 'temporary')}`,
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
      '-cp',
      path.join(lib, '*'),
      options.main,
      ...options.args,
    ],
    logFile: path.join(folder, 'logs', `${options.log}.log`),
    cwd: folder,
  });
}
