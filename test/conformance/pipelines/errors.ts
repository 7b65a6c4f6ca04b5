import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { events, shown } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

type Pair = beam.KV<string, number>;

const TEXTS = ['1', 'x', '22', '', 'ü', '-3', '4x', '1'];

const texts = (p: beam.Pipeline, list: readonly string[] = TEXTS) => p.apply(beam.create(list));

function parse(text: string): number {
  if (!/^-*\d+$/.test(text)) throw new RangeError(`no number: ${text}`);
  return Number(text);
}

const shownBad = <T>({ element, error }: beam.BadElement<T>) => ({ element, error: error.name });

const goodAndBad = <T, G>({
  good,
  bad,
}: {
  good: beam.PCollection<G>;
  bad: beam.PCollection<beam.BadElement<T>>;
}) => ({
  good,
  bad: bad.map(shownBad),
});

const parsed = (options?: beam.ExceptionHandlingOptions) =>
  beam.parDo((text: string) => [parse(text)]).withExceptionHandling(options);

const below = (options?: beam.ExceptionHandlingOptions) =>
  beam
    .parDo(async (pair: Pair) => {
      await Promise.resolve();
      if (pair.value % 3 === 0) throw new RangeError('a third');
      return [pair];
    })
    .withExceptionHandling(options);

/** Fails on elements of each window, of which it may be more than the threshold in none. */
const inWindows = (
  p: beam.Pipeline,
  windowFn: beam.WindowFn<unknown>,
  options?: beam.ExceptionHandlingOptions,
) => events(p, INPUTS.events).apply(beam.windowInto(windowFn)).apply(below(options));

export const ERRORS: readonly ConformanceCase[] = [
  { name: 'errors: good and bad elements', build: (p) => goodAndBad(texts(p).apply(parsed())) },
  {
    name: 'errors: none, and of no elements',
    build: (p) => {
      const { good, bad } = texts(p, ['1', '2']).apply(parsed({ threshold: 0.5 }));
      const none = texts(p, []).apply(parsed());
      return { good, bad, none: none.good, noneBad: none.bad };
    },
  },
  {
    name: 'errors: generators that fail half-way',
    build: (p) =>
      goodAndBad(
        texts(p).apply(
          beam
            .parDo(async function* (text: string) {
              for (const character of text) {
                await Promise.resolve();
                yield parse(character);
              }
            })
            .withExceptionHandling({ retries: 2, backOff: { initial: 1 } }),
        ),
      ),
  },
  {
    name: 'errors: outputs by tags',
    build: (p) => {
      const { good, large, bad } = texts(p).apply(
        beam
          .parDo(function* (text: string) {
            const n = parse(text);
            yield n;
            if (n > 9) yield new beam.TaggedOutput('large', { n });
            if (n < 0) throw new RangeError('negative');
          })
          .withExceptionHandling({ exceptions: [RangeError] })
          .withOutputs('large'),
      );
      return { good, large, bad: bad.map(shownBad) };
    },
  },
  {
    name: 'errors: a threshold that is not passed',
    build: (p) => goodAndBad(texts(p).apply(parsed({ threshold: 0.5 }))),
  },
  {
    name: 'errors: in windows, with a threshold',
    build: (p) => {
      const { good, bad } = inWindows(p, beam.windows.fixed({ seconds: 60 }), { threshold: 0.99 });
      return { good: good.apply(shown), bad: bad.map(shownBad).apply(shown) };
    },
  },
  {
    name: 'errors: in sliding windows and sessions',
    build: (p) => {
      const counted = (pairs: beam.PCollection<Pair>) =>
        pairs
          .map(({ key }) => ({ key, value: 1 }))
          .apply(beam.combinePerKey(beam.sum()))
          .apply(shown);
      const sliding = inWindows(p, beam.windows.sliding({ size: { seconds: 60 }, period: { seconds: 30 } }));
      const sessions = inWindows(p, beam.windows.sessions({ seconds: 30 }), { threshold: 0.999 });
      return {
        sliding: counted(sliding.good),
        slidingBad: sliding.bad.map(shownBad),
        sessions: counted(sessions.good),
        sessionsBad: sessions.bad.map(shownBad),
      };
    },
  },
];
