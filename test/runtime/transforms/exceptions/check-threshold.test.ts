import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { collect } from '../../engine/run-fragment.ts';

/** Numbers at times of as many milliseconds, in windows; multiples of three are bad. */
function thirds(
  times: readonly number[],
  {
    threshold,
    into,
  }: {
    readonly threshold: number;
    readonly into?: beam.PTransform<beam.PCollection<number>, beam.PCollection<number>>;
  },
) {
  const elements = beam
    .pipeline()
    .apply(beam.create(times))
    .apply(beam.assignTimestamps((time) => time));
  return (into === undefined ? elements : elements.apply(into)).apply(
    beam
      .parDo({
        name: 'NoThirds',
        *process(n: number) {
          if (n % 3 === 0) throw new Error('a third');
          yield n;
          if (n > 20) yield new beam.TaggedOutput('large', n);
        },
      })
      .withExceptionHandling({ threshold })
      .withOutputs('large'),
  );
}

const fixed = beam.windowInto<number>(beam.windows.fixed(10));

const TOO_MANY = { name: 'PipelineError', transform: 'ParDo(NoThirds)' };

test('a pipeline fails when more elements are bad than the threshold, not when as many are', async () => {
  const { good, bad, large } = thirds([1, 2, 3, 4, 5, 6], { threshold: 1 / 3 });
  expect((await collect(good)).values).toEqual([1, 2, 4, 5]);
  expect((await collect(bad)).values).toHaveLength(2);
  expect((await collect(large)).values).toEqual([]);
  await expect(collect(thirds([1, 2, 3, 4, 5, 6], { threshold: 0.33 }).good)).rejects.toMatchObject({
    ...TOO_MANY,
    message:
      'Cannot go on after "ParDo(NoThirds)" as at most 0.33 of all elements may be bad: received 2 bad of 6, which is 0.3333333333333333',
  });
});

test('each output but bad fails, of which all elements can be looked at', async () => {
  const outputs = () => thirds([1, 3], { threshold: 0 });
  await expect(collect(outputs().good)).rejects.toMatchObject(TOO_MANY);
  await expect(collect(outputs().large)).rejects.toMatchObject(TOO_MANY);
  expect((await collect(outputs().bad)).values).toMatchObject([{ element: 3 }]);
  expect((await collect(thirds([], { threshold: 0 }).good)).values).toEqual([]);
  expect((await collect(thirds([1, 2], { threshold: 0 }).good)).values).toEqual([1, 2]);
});

test('elements are counted in each window for itself', async () => {
  // 3 of 10 in all; 2 of 3 in the last window.
  const times = [1, 2, 4, 5, 7, 9, 11, 31, 33, 36];
  expect((await collect(thirds(times, { threshold: 0.67, into: fixed }).good)).values).toHaveLength(7);
  await expect(collect(thirds(times, { threshold: 0.5, into: fixed }).good)).rejects.toThrow(
    'at most 0.5 of the elements of the window from 1970-01-01T00:00:00.030Z to 1970-01-01T00:00:00.040Z may be bad: received 2 bad of 3, which is 0.6666666666666666',
  );
});

test('elements are counted in sessions', async () => {
  const into = beam.windowInto<number>(beam.windows.sessions(5));
  const times = [1, 3, 5, 7, 30, 33];
  expect((await collect(thirds(times, { threshold: 1 / 4, into: fixed }).bad)).values).toHaveLength(3);
  await expect(collect(thirds(times, { threshold: 0.9, into }).good)).rejects.toThrow(
    'from 1970-01-01T00:00:00.030Z to 1970-01-01T00:00:00.038Z may be bad: received 2 bad of 2, which is 1',
  );
  expect((await collect(thirds([1, 3, 5, 7], { threshold: 1 / 4, into }).good)).values).toEqual([1, 5, 7]);
});

test('a trigger that fires for each element counts whole windows all the same', async () => {
  const into = beam.windowInto<number>(beam.windows.fixed(10), {
    trigger: beam.triggers.repeatedly(beam.triggers.afterCount(1)),
    accumulationMode: 'discarding',
  });
  const { good } = thirds([1, 2, 3, 4], { threshold: 1 / 4, into });
  expect(good.windowing.trigger).toEqual(beam.triggers.repeatedly(beam.triggers.afterCount(1)));
  expect((await collect(good)).values).toEqual([1, 2, 4]);
  await expect(collect(thirds([3, 1, 2], { threshold: 1 / 4, into }).good)).rejects.toThrow('1 bad of 3');
});

test('windows of a WindowFn of the user with a trigger are refused', () => {
  const into = beam.windowInto<number>(
    { name: 'OfElement', assign: (_, element: number) => [beam.intervalWindow(element, element + 1)] },
    { trigger: beam.triggers.repeatedly(beam.triggers.afterCount(1)), accumulationMode: 'discarding' },
  );
  expect(() => thirds([1], { threshold: 0.5, into })).toThrow('received OfElement');
});

test('what is bad on a stream stops it when its window ends', async () => {
  const { good } = beam
    .pipeline()
    .apply(beam.testStream<number>().addElements([1, 3]).advanceWatermarkTo(20).advanceWatermarkToInfinity())
    .apply(fixed)
    .apply(
      beam
        .parDo((n: number) => {
          if (n === 3) throw new Error('three');
          return [n];
        })
        .withExceptionHandling({ threshold: 0.4 }),
    );
  await expect(collect(good)).rejects.toThrow('1 bad of 2, which is 0.5');
});
