import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { combined, events, grouped, type Event } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

const inSessions = (
  p: beam.Pipeline,
  list: readonly Event[],
  { gap = 10, ...options }: beam.WindowIntoOptions & { readonly gap?: number } = {},
) => events(p, list).apply(beam.windowInto(beam.windows.sessions({ seconds: gap }), options));

export const SESSIONS: readonly ConformanceCase[] = [
  {
    name: 'sessions: groups, bridged by an event that comes last',
    build: (p) => ({ out: inSessions(p, INPUTS.visits).apply(grouped) }),
  },
  {
    name: 'sessions: sums and counts',
    build: (p) => {
      const pairs = inSessions(p, INPUTS.visits);
      return { sum: combined(pairs, beam.sum()), count: combined(pairs, beam.count()) };
    },
  },
  {
    name: 'sessions: of many events',
    build: (p) => ({ out: combined(inSessions(p, INPUTS.events, { gap: 7 }), beam.sum()) }),
  },
  {
    name: 'sessions: that touch, exactly a gap apart',
    cannot: {
      prism: 'Prism 2.77 merges session windows that only touch; the windows of the model are half-open',
    },
    build: (p) => ({ out: inSessions(p, INPUTS.touching).apply(grouped) }),
  },
  {
    name: 'sessions: on both sides of the epoch',
    build: (p) => ({ out: inSessions(p, INPUTS.edges, { gap: 3 }).apply(grouped) }),
  },
  {
    name: 'sessions: with the earliest timestamp',
    build: (p) => ({ out: inSessions(p, INPUTS.visits, { timestampCombiner: 'earliest' }).apply(grouped) }),
  },
  {
    name: 'sessions: grouped again by another key',
    cannot: { prism: 'Prism 2.77 gives a window that overlapping ones merge to the start of the later one' },
    build: (p) => ({
      out: inSessions(p, INPUTS.visits)
        .apply(beam.combinePerKey(beam.sum()))
        .map(({ value }) => ({ key: 'all', value }))
        .apply(grouped),
    }),
  },
  {
    name: 'sessions: no elements',
    build: (p) => ({ out: inSessions(p, []).apply(grouped) }),
  },
];
