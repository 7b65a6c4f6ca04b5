import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { decompress } from 'fzstd';
import { parquetReadObjects } from 'hyparquet';
import { ROOT } from './repository.ts';

const DATA = path.join(ROOT, 'node_modules/vega-datasets/data');

/** What lesson 3 asks of the flights, by plain loops. */
export interface LateFlights {
  /** Airports by the share of their flights that left late, in per cent, the largest first. */
  readonly worst: readonly { readonly airport: string; readonly late: number }[];
  /** Airports of the list that no flight leaves from. */
  readonly silent: number;
  readonly average: number;
  readonly aboveAverage: number;
  /** "ORD 2001-01-01" of the days that had 200 very late flights. */
  readonly alarms: ReadonlySet<string>;
  /** Days of ORD with a very late flight, and the median of the first. */
  readonly days: number;
  readonly firstMedian: number;
}

export async function lateFlights(): Promise<LateFlights> {
  const bytes = await readFile(path.join(DATA, 'flights-3m.parquet'));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = (await parquetReadObjects({
    file,
    columns: ['date', 'delay', 'origin'],
    compressors: { ZSTD: (input) => decompress(input) },
  })) as unknown as readonly {
    readonly date: Date;
    readonly delay: number | bigint;
    readonly origin: string;
  }[];
  const airports = parse(await readFile(path.join(DATA, 'airports.csv')), { columns: true }) as readonly {
    readonly iata: string;
  }[];
  const counts = new Map<string, { all: number; late: number }>();
  const veryLate = new Map<string, number[]>();
  for (const { date, origin, ...row } of rows) {
    const delay = Number(row.delay);
    const count = counts.get(origin) ?? { all: 0, late: 0 };
    counts.set(origin, { all: count.all + 1, late: count.late + (delay > 15 ? 1 : 0) });
    if (delay < 60) continue;
    const day = `${origin} ${date.toISOString().slice(0, 10)}`;
    const delays = veryLate.get(day);
    if (delays === undefined) veryLate.set(day, [delay]);
    else delays.push(delay);
  }
  const listed = new Set(airports.map(({ iata }) => iata));
  const shares = [...counts].map(([airport, { all, late }]) => ({ airport, share: late / all }));
  const total = [...counts.values()].reduce((sum, { late }) => sum + late, 0);
  const average = total / rows.length;
  const ofOrd = [...veryLate].filter(([day]) => day.startsWith('ORD ')).sort(([a], [b]) => (a < b ? -1 : 1));
  const first = (ofOrd[0]?.[1] ?? []).sort((a, b) => a - b);
  return {
    worst: shares
      .filter(({ airport }) => listed.has(airport))
      .sort((a, b) => b.share - a.share)
      .map(({ airport, share }) => ({ airport, late: Math.round(share * 1000) / 10 })),
    silent: airports.filter(({ iata }) => !counts.has(iata)).length,
    average,
    aboveAverage: shares.filter(({ share }) => share > average).length,
    alarms: new Set([...veryLate].filter(([, delays]) => delays.length >= 200).map(([day]) => day)),
    days: ofOrd.length,
    firstMedian: first[first.length >> 1] ?? Number.NaN,
  };
}
