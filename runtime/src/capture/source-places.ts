import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CapturedSource } from './captured-module.ts';
import type { ScriptLocation } from './scopes.ts';
import type { Script, Scripts } from './scripts.ts';

/** A place as the user knows it. Lines count from 1, columns from 0, as in source maps. */
export interface SourcePlace {
  /** "cell 7", or a file's path from the notebook's folder. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** All of the source, where it is known. */
  readonly content: string | undefined;
}

/** What SourcePlaces needs. */
export interface SourcePlacesOptions {
  readonly scripts: Scripts;
  /** The notebook's folder. */
  readonly directory: string;
  readonly sourceOf?: ((url: string) => CapturedSource | undefined) | undefined;
}

/** A script with the map that leads to its source. */
interface MappedScript {
  readonly file: string;
  readonly source: string;
  readonly lineStarts: readonly number[];
  readonly original: (line: number, column: number) => SourcePlace | undefined;
}

/** Finds where the user wrote what V8 runs: in cells, in TypeScript files, by the maps of those who compiled them. */
export class SourcePlaces {
  readonly #options: SourcePlacesOptions;
  readonly #scripts = new Map<string, MappedScript>();

  constructor(options: SourcePlacesOptions) {
    this.#options = options;
  }

  /** Reads scripts, all at once, before they are asked for. */
  read(scriptIds: Iterable<string>): void {
    const wanted = [...new Set(scriptIds)].filter((id) => !this.#scripts.has(id));
    if (wanted.length === 0) return;
    for (const [id, script] of this.#options.scripts.read(wanted))
      this.#scripts.set(id, this.#mapped(script));
  }

  /** A finder of places in the function with this text that starts near this location. */
  of(
    { scriptId, lineNumber, columnNumber }: ScriptLocation,
    text: string,
  ): (from: number) => SourcePlace | undefined {
    this.read([scriptId]);
    const script = this.#scripts.get(scriptId);
    const lineStart = script?.lineStarts[lineNumber];
    if (script === undefined || lineStart === undefined) return () => undefined;
    // V8 names the place of the parameters, or of the class: it is inside of the text.
    const inside = lineStart + columnNumber;
    const start = script.source.lastIndexOf(text, inside);
    if (start < 0 || start + text.length < inside) return () => undefined;
    return (from) => {
      const line = lineOf(script.lineStarts, start + from);
      return script.original(line + 1, start + from - (script.lineStarts[line] ?? 0));
    };
  }

  /** The path of the file that a script is of; a cell has one too. */
  fileOf({ scriptId }: ScriptLocation): string | undefined {
    this.read([scriptId]);
    return this.#scripts.get(scriptId)?.file;
  }

  #mapped({ url, source, sourceMapUrl }: Script): MappedScript {
    const lineStarts = startsOfLines(source);
    // V8 makes a file URL of a path.
    const known = this.#options.sourceOf?.(url) ?? this.#options.sourceOf?.(fileNameOf(url));
    const name = known === undefined ? pathOf(url) : known.name;
    const shown = this.#shown(name);
    const map = known === undefined ? readMap(sourceMapUrl, pathOf(url)) : parseMap(known.sourceMap);
    if (map === undefined) {
      const content = known?.source ?? source;
      const original = (line: number, column: number) => ({ source: shown, line, column, content });
      return { file: pathOf(url), source, lineStarts, original };
    }
    const original = (line: number, column: number): SourcePlace | undefined => {
      const found = originalPositionFor(map, { line, column });
      if (found.source === null) return undefined;
      const at = map.resolvedSources.indexOf(found.source);
      const file = known === undefined ? this.#shown(pathOf(found.source)) : shown;
      const content = known?.source ?? map.sourcesContent?.[at] ?? undefined;
      return { source: file, line: found.line, column: found.column, content };
    };
    return { file: pathOf(url), source, lineStarts, original };
  }

  /** A file below the notebook's folder by its path from there, and one of a package by its path in it. */
  #shown(name: string): string {
    if (!isAbsolute(name)) return name;
    const own = this.#options.scripts.pathInMillrace(name);
    if (own !== undefined) return `node_modules/millrace/${own}`;
    const inPackage = name.lastIndexOf('/node_modules/');
    if (inPackage >= 0) return name.slice(inPackage + 1);
    const path = relative(this.#options.directory, name);
    return path.startsWith('..') ? name : path;
  }
}

function startsOfLines(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line, from 0, that an offset is in. */
export function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A file URL as the name that the script was given; other names stay as they are. */
function fileNameOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  try {
    return fileURLToPath(url) + new URL(url).search;
  } catch {
    return url;
  }
}

/** Without the version that a loader adds to a file's name. */
function pathOf(url: string): string {
  return fileNameOf(url).replace(/\?[\w=&.-]*$/, '');
}

/** The map that a script names at its end. */
function readMap(url: string, script: string): TraceMap | undefined {
  if (url === '') return undefined;
  if (url.startsWith('data:')) {
    const [, encoding, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
    return parseMap(
      encoding === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString(),
      script,
    );
  }
  try {
    const file = url.startsWith('file:')
      ? fileURLToPath(url)
      : join(dirname(script), decodeURIComponent(url));
    return parseMap(readFileSync(file, 'utf8'), file);
  } catch {
    return undefined; // a map that is not there helps nobody
  }
}

function parseMap(text: string | undefined, file?: string): TraceMap | undefined {
  if (text === undefined) return undefined;
  try {
    return new TraceMap(text, file);
  } catch {
    return undefined; // nor does one that is none
  }
}
