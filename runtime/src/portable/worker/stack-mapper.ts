import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import type { MapStack } from '../worker-error.ts';

/** V8 names a function without a name after the variable of ours that it was put in: "m1_." */
const NAMELESS = /^(\s+at (?:async )?)[\w$]+\d_\. \((.*)\)$/gm;

/**
 * Makes stacks name the cells and files that a captured module was made of: "cell 7:3:10" instead of
 * "file:///…/pipeline.mjs:812:9". The source map is read when the first stack needs it.
 */
export function stackMapper({
  modulePath,
  sourceMapPath,
}: {
  readonly modulePath: string | undefined;
  readonly sourceMapPath: string | undefined;
}): MapStack {
  if (modulePath === undefined || sourceMapPath === undefined) return (stack) => stack;
  const url = pathToFileURL(modulePath).href;
  // A copy of the module has a query.
  const place = new RegExp(`(?:${escaped(url)}|${escaped(modulePath)})(?:\\?[^:)\\s]*)?:(\\d+):(\\d+)`, 'g');
  let map: TraceMap | undefined;
  return (stack) =>
    stack.replace(NAMELESS, '$1$2').replace(place, (whole, line: string, column: string) => {
      map ??= readMap(sourceMapPath);
      const {
        source,
        line: at,
        column: col,
      } = originalPositionFor(map, {
        line: Number(line),
        column: Number(column) - 1,
      });
      return source === null ? whole : `${source}:${at}:${col + 1}`;
    });
}

function readMap(path: string): TraceMap {
  try {
    return new TraceMap(readFileSync(path, 'utf8'));
  } catch {
    // A stack is told without it; an error about the map would hide the one that matters.
    return new TraceMap({ version: 3, sources: [], names: [], mappings: '' });
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
