import type { WindowedValue } from '../model/windowed-value.ts';
import type { Schema } from './schema.ts';
import type { Statistics } from './statistics.ts';

/** Elements to be shown as a table, with what is known of them. */
export interface TableView {
  /** "counts", "Top 10 words". */
  readonly name: string;
  /** The elements, or the first of them. */
  readonly rows: readonly unknown[];
  /** How many elements there are; absent if nobody has counted them. */
  readonly total?: number | undefined;
  /** False if the rows are a sample: the work was stopped when there were enough. */
  readonly complete: boolean;
  /** As TypeScript says it: "KV<string, number>". */
  readonly elementType?: string | undefined;
  /** Why it is shown so fast or so slow: "from cache: unchanged since 14:02". */
  readonly note?: string | undefined;
  /** Inferred from the rows where absent. */
  readonly schema?: Schema | undefined;
  /** Made from the rows where absent. */
  readonly statistics?: Statistics | undefined;
  /** Of each row; adds the columns "event time", "window" and "pane". */
  readonly windowInfo?: readonly Omit<WindowedValue<unknown>, 'value'>[] | undefined;
}
