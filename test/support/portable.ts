import type { CapturedModule } from '../../runtime/src/capture/captured-module.ts';
import { fragment } from '../../runtime/src/graph/fragment.ts';
import { fullNames } from '../../runtime/src/graph/names.ts';
import type { PCollection } from '../../runtime/src/index.ts';
import { environment } from '../../runtime/src/portable/environments.ts';
import type { PortablePipeline, ToPortableOptions } from '../../runtime/src/portable/portable-pipeline.ts';
import { toPortable } from '../../runtime/src/portable/to-proto/to-portable.ts';
import type { Pipeline } from '../../runtime/src/proto/runner-api.ts';

/** A module that exports no more than the names of what it was asked for: nothing runs it. */
export function captureNames(exports: ReadonlyMap<string, unknown>): Promise<CapturedModule> {
  const code = [...exports.keys()].map((name) => `export const ${name} = {};`).join('\n');
  return Promise.resolve({ code, sourceMap: '{"version":3}', sha256: '', nativePackages: [] });
}

/** The portable form of what some PCollections need. */
export function portableOf(
  targets: readonly PCollection<unknown>[],
  options: Partial<ToPortableOptions> & { readonly cut?: readonly PCollection<unknown>[] } = {},
): Promise<PortablePipeline> {
  const { cut = [], ...rest } = options;
  const needed = fragment(targets, (pcollection) => cut.includes(pcollection));
  return toPortable({
    fragment: needed,
    names: fullNames([...needed.transforms, ...needed.inputs.map(({ producer }) => producer)]),
    environment: environment({ kind: 'external', endpoint: 'localhost:1' }),
    capture: captureNames,
    ...rest,
  });
}

/** What is wrong with the ids of a pipeline; nothing, if all of them resolve. */
export function brokenIds({ components, rootTransformIds }: Pipeline): string[] {
  if (components === undefined) return ['no components'];
  const { transforms, pcollections, coders, windowingStrategies, environments } = components;
  const broken: string[] = [];
  const need = (table: object, id: string, where: string) => {
    if (!Object.hasOwn(table, id)) broken.push(`${where}: ${id}`);
  };
  for (const id of rootTransformIds) need(transforms, id, 'root');
  const parts = Object.values(transforms).flatMap(({ subtransforms }) => subtransforms);
  for (const id of Object.keys(transforms)) {
    const times = [...parts, ...rootTransformIds].filter((each) => each === id).length;
    if (times !== 1) broken.push(`transform in ${times} places: ${id}`);
  }
  const names = new Set<string>();
  const made = new Set<string>();
  for (const [id, transform] of Object.entries(transforms)) {
    if (names.has(transform.uniqueName)) broken.push(`name twice: ${transform.uniqueName}`);
    names.add(transform.uniqueName);
    for (const part of transform.subtransforms) need(transforms, part, id);
    for (const input of Object.values(transform.inputs)) need(pcollections, input, id);
    for (const output of Object.values(transform.outputs)) {
      need(pcollections, output, id);
      if (transform.subtransforms.length > 0) continue;
      if (made.has(output)) broken.push(`made twice: ${output}`);
      made.add(output);
    }
    if (transform.environmentId !== '') need(environments, transform.environmentId, id);
  }
  for (const [id, pcollection] of Object.entries(pcollections)) {
    need(coders, pcollection.coderId, id);
    need(windowingStrategies, pcollection.windowingStrategyId, id);
    if (!made.has(id)) broken.push(`made by nobody: ${id}`);
  }
  for (const [id, { componentCoderIds }] of Object.entries(coders)) {
    for (const component of componentCoderIds) need(coders, component, id);
  }
  for (const [id, strategy] of Object.entries(windowingStrategies)) {
    need(coders, strategy.windowCoderId, id);
    need(environments, strategy.environmentId, id);
  }
  return broken;
}
