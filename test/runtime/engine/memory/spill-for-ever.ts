// A program: `node spill-for-ever.mjs FOLDER [COUNT]`. Groups, and spills to the folder, until it is killed; or so many
// kilobytes, and prints what came of it.
import * as beam from '../../../../runtime/src/index.ts';
import { collect } from '../run-fragment.ts';

const [spillFolder = '', count = 'Infinity'] = process.argv.slice(2);
const grouped = beam
  .pipeline()
  .apply(beam.create([Number(count)]))
  .flatMap(function* (end) {
    for (let n = 0; n < end; n++) yield { key: n % 1000, value: `${n} `.padEnd(1000, 'x') };
  })
  .apply(beam.groupByKey())
  .map(({ value }) => [...value].length);
try {
  const { values } = await collect(grouped, { memoryBudget: 2_000_000, spillFolder });
  console.log(`groups: ${values.length}`);
} catch (error) {
  console.log(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
