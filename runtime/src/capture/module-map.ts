import { addMapping, GenMapping, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping';
import { eachMapping, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { EmittedModule } from './ship-emit.ts';
import { lineOf, type SourcePlace, type SourcePlaces } from './source-places.ts';

/** The map from a module that was emitted to cells and files. */
export function mapOfModule({ code, marks }: EmittedModule, places: SourcePlaces): GenMapping {
  const map = new GenMapping();
  const lineStarts = [0];
  for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const functions = new Set(marks.map(({ node }) => node));
  const plans = [...functions].flatMap(({ plan }) => (plan?.kind === 'function' ? [plan] : []));
  places.read(plans.flatMap(({ location }) => (location === undefined ? [] : [location.scriptId])));
  const finders = new Map<unknown, (from: number) => SourcePlace | undefined>();
  for (const { location, ...plan } of plans) {
    if (location !== undefined) finders.set(plan.parsed, places.of(location, plan.text));
  }
  for (const { at, node, from } of marks) {
    const place = node.plan?.kind === 'function' ? finders.get(node.plan.parsed)?.(from) : undefined;
    if (place === undefined) continue;
    const line = lineOf(lineStarts, at);
    const generated = { line: line + 1, column: at - (lineStarts[line] ?? 0) };
    addMapping(map, {
      generated,
      source: place.source,
      original: { line: place.line, column: place.column },
    });
    if (place.content !== undefined) setSourceContent(map, place.source, place.content);
  }
  return map;
}

/**
 * A bundle's map, led on to what the module in it was made of.
 *
 * @param bundled The bundler's map, version 3, JSON.
 * @param source What it calls the module.
 * @param moduleMap From the module to its sources.
 */
export function composeMaps(bundled: string, source: string, moduleMap: GenMapping): string {
  const outer = new TraceMap(bundled);
  const inner = new TraceMap(toEncodedMap(moduleMap));
  const composed = new GenMapping({ file: 'pipeline.mjs' });
  eachMapping(outer, (mapping) => {
    if (mapping.source === null) return;
    const generated = { line: mapping.generatedLine, column: mapping.generatedColumn };
    const { originalLine: line, originalColumn: column } = mapping;
    if (mapping.source !== source) {
      addMapping(composed, { generated, source: mapping.source, original: { line, column } });
      return;
    }
    const found = originalPositionFor(inner, { line, column });
    if (found.source === null) return;
    addMapping(composed, {
      generated,
      source: found.source,
      original: { line: found.line, column: found.column },
    });
  });
  for (const [at, name] of inner.sources.entries()) {
    const content = inner.sourcesContent?.[at];
    if (name !== null && content != null) setSourceContent(composed, name, content);
  }
  return JSON.stringify(toEncodedMap(composed));
}
