import { create } from '@bufbuild/protobuf';
import { MonitoringInfoSchema, type MonitoringInfo } from '../../proto/metrics.ts';

/**
 * Short names of monitoring infos, so that a report need not repeat URN and labels.
 *
 * The runner asks once for what a short id means (MonitoringInfosMetadataRequest of beam_fn_api.proto). One table
 * serves a whole worker: all its bundles and threads.
 */
export class ShortIds {
  readonly #byKey = new Map<string, string>();
  readonly #infos = new Map<string, MonitoringInfo>();

  /** Payloads by short id. */
  shorten(infos: readonly MonitoringInfo[]): Record<string, Uint8Array> {
    return Object.fromEntries(infos.map((info) => [this.#idOf(info), info.payload]));
  }

  /**
   * What short ids mean: infos without payload.
   *
   * @throws {RangeError} for an id that was never given out.
   */
  meaning(ids: readonly string[]): Record<string, MonitoringInfo> {
    return Object.fromEntries(
      ids.map((id) => {
        const info = this.#infos.get(id);
        if (info === undefined) {
          throw new RangeError(
            `Cannot explain a monitoring info as its short id must be one of ours: received "${id}"`,
          );
        }
        return [id, info];
      }),
    );
  }

  #idOf(info: MonitoringInfo): string {
    const labels = Object.entries(info.labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([info.urn, info.type, labels]);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const id = this.#byKey.size.toString(36);
    this.#byKey.set(key, id);
    this.#infos.set(
      id,
      create(MonitoringInfoSchema, { urn: info.urn, type: info.type, labels: info.labels }),
    );
    return id;
  }
}

/** The worker's own figures: its resident memory in bytes, under a URN of ours. */
export function processMonitoringInfos(now: number): MonitoringInfo[] {
  return [
    create(MonitoringInfoSchema, {
      urn: 'millrace:metric:worker_resident_bytes:v1',
      type: 'beam:metrics:latest_int64:v1',
      payload: latestInt64(now, process.memoryUsage.rss()),
    }),
  ];
}

/** The type beam:metrics:latest_int64:v1: time of measurement and value, each as a varint. */
function latestInt64(timestamp: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(timestamp), ...varint(value)]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}
