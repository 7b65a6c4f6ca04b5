import type { Timestamp } from './timestamp.ts';

/** One thing that happens in a test stream; times are milliseconds since the epoch. */
export type TestStreamEvent =
  /** Elements that arrive together, as one bundle. */
  | {
      readonly kind: 'elements';
      readonly elements: readonly { readonly value: unknown; readonly timestamp: Timestamp }[];
    }
  /** The watermark comes to `watermark`. */
  | { readonly kind: 'watermark'; readonly watermark: Timestamp }
  /** Processing time goes on by so many milliseconds. */
  | { readonly kind: 'processingTime'; readonly advanceBy: number };
