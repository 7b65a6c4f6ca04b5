import { createWriteStream, existsSync, renameSync } from 'node:fs';
import { once } from 'node:events';

const LINES = 1_000_000;
const WORDS_A_LINE = 10;
const VOCABULARY = 50_000;

/**
 * Writes a text of 1,000,000 lines and 10,000,000 words, 71 MB, unless it is there; always the same one.
 *
 * Words follow Zipf's law, as those of a real text do: the word of rank r occurs about 1/r as often as the first.
 *
 * @param {string} file
 * @returns {Promise<string>} `file`
 */
export async function wordsFile(file) {
  if (existsSync(file)) return file;
  const random = mulberry32(20_260_101);
  const words = vocabulary(random);
  const temporary = `${file}.${process.pid}`;
  const output = createWriteStream(temporary);
  let text = '';
  for (let line = 0; line < LINES; line++) {
    for (let i = 0; i < WORDS_A_LINE; i++) {
      const rank = Math.floor(VOCABULARY ** random()) - 1;
      text += (words[rank] ?? '') + (i === WORDS_A_LINE - 1 ? '\n' : ' ');
    }
    if (text.length > 1 << 20) {
      if (!output.write(text)) await once(output, 'drain');
      text = '';
    }
  }
  output.end(text);
  await once(output, 'close');
  renameSync(temporary, file);
  return file;
}

/**
 * Different words of four to nine letters.
 *
 * @param {() => number} random
 */
function vocabulary(random) {
  /** @type {Set<string>} */
  const words = new Set();
  while (words.size < VOCABULARY) {
    const length = 4 + Math.floor(random() * 5.6);
    words.add(Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join(''));
  }
  return [...words];
}

/**
 * A small generator of random numbers in [0, 1), the same on every machine.
 *
 * @param {number} seed
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
function mulberry32(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
