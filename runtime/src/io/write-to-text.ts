import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { FileError } from './file-error.ts';
import { LineFormat } from './shard-format.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { textHash, WRITE_FILES_OPTIONS, writeFiles, type WriteFilesOptions } from './write-files.ts';

/** How writeToText writes. */
export interface WriteToTextOptions extends WriteFilesOptions {
  /** A line before the elements of each file. */
  readonly header?: string;
  /** A line after the elements of each file. */
  readonly footer?: string;
}

const ACTION = 'write text';

/**
 * Writes elements as lines of text: `lines.apply(beam.io.writeToText('out/words', { suffix: '.txt' }))`.
 *
 * - Files are named as Beam does, `out/words-00000-of-00003.txt`, and their names are the output. The folder is made.
 * - Strings are lines; numbers, bigints and booleans are written as `String` has them. Anything else is refused:
 *   map it to a string first. (Beam's Python SDK writes the `str` of any object.)
 * - No input gives files without elements.
 * - Each file appears under its name when it is whole, and only after all were written: until then they are hidden
 *   files beside it, which a failure or an interrupt removes.
 * - A write replaces all shards of earlier ones to the same prefix and suffix, also if their number was another, so
 *   that `out/words-*` never mixes two. (Beam's Python SDK leaves those of another number.)
 * - Windows and panes do not matter: all lines go to the same files, at the end of the input; unless `windowedWrites`.
 * - Within one file the order of the input is kept here; a distributed runner promises none.
 *
 * @throws {TypeError | RangeError} for a prefix or option that is not supported.
 */
export function writeToText<T = unknown>(
  prefix: string,
  options: WriteToTextOptions = {},
): PTransform<PCollection<T>, PCollection<string>> {
  const { header, footer, ...files } = requireOptions(options, ACTION, [
    ...WRITE_FILES_OPTIONS,
    'header',
    'footer',
  ]);
  for (const [name, value] of Object.entries({ header, footer })) {
    const given: unknown = value; // the types do not hold in plain JavaScript
    if (given === undefined || typeof given === 'string') continue;
    throw new TypeError(`Cannot write text as ${name} must be a string: received ${typeof given}`);
  }
  return writeFiles<T, string>(prefix, files, {
    name: 'WriteToText',
    action: ACTION,
    format: new LineFormat({
      before: header === undefined ? '' : `${header}\n`,
      after: footer === undefined ? '' : `${footer}\n`,
    }),
    recordOf: lineOf,
    hash: textHash,
  });
}

function lineOf(element: unknown): string {
  if (typeof element === 'string') return element;
  if (typeof element === 'number' || typeof element === 'bigint' || typeof element === 'boolean') {
    return String(element);
  }
  const what = element === null ? 'null' : Array.isArray(element) ? 'an array' : typeof element;
  throw new FileError(
    `Cannot write an element as text as it must be a string, a number, a bigint or a boolean: received ${what}`,
    { hint: 'Map elements to strings first: .map((element) => JSON.stringify(element))' },
  );
}
