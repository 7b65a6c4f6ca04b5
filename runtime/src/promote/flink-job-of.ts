import { FlinkJob } from '../portable/job/flink-job.ts';

/**
 * The same job as Flink itself knows it; undefined if it runs on no cluster of Flink that can be asked.
 *
 * @param options Of the job, as its job service lists them: Beam's Flink job server adds where its cluster is.
 * @param restEndpoint Of Flink's REST API, where that is known.
 */
export function flinkJobOf(
  { job_name: name, flink_master: master }: Readonly<Record<string, unknown>>,
  restEndpoint: string | undefined,
): FlinkJob | undefined {
  // "[local]" and "[auto]" name no cluster.
  const isAddress = typeof master === 'string' && /^[^[\]]+:\d+$/.test(master);
  const url = restEndpoint ?? (isAddress ? master : undefined);
  return url === undefined || typeof name !== 'string' ? undefined : new FlinkJob(url, name);
}
