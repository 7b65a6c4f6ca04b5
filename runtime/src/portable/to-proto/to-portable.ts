import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { CapturedModule } from '../../capture/captured-module.ts';
import type { Fragment } from '../../graph/fragment.ts';
import type { AppliedPTransform } from '../../model/applied-ptransform.ts';
import { EnvironmentSchema, type Environment } from '../../proto/runner-api.ts';
import { CoderTable } from '../coders/coders-to-proto.ts';
import type { PortablePipeline, StagedArtifact, ToPortableOptions } from '../portable-pipeline.ts';
import { MODULE_ARTIFACT, SOURCE_MAP_ARTIFACT } from '../step-payload.ts';
import { aboutTransform } from './annotations.ts';
import { artifactInformation } from './artifact-information.ts';
import { displayData } from './display-data.ts';
import { ModuleExports } from './module-exports.ts';
import { PipelineBuilder } from './pipeline-builder.ts';
import { addCollect } from './translate-collect.ts';
import { addInput } from './translate-root.ts';
import { translateTransform } from './translate-transform.ts';
import { pcollectionId, type Translation } from './translation.ts';

/**
 * Puts a fragment of a pipeline in Beam's portable form, with the files that go with it.
 *
 * A transform's id is its full name, a PCollection's `${full name}.${tag}`: the same when a cell runs again, so that a
 * job can be told from the graph that the notebook shows. The same fragment gives the same bytes.
 *
 * @throws {PipelineError} for a function, a source or an element that cannot be shipped; it names the step.
 */
export async function toPortable(options: ToPortableOptions): Promise<PortablePipeline> {
  const { fragment, names, inputs, collect } = options;
  const translation: Translation = {
    builder: new PipelineBuilder(new CoderTable()),
    exports: new ModuleExports(),
    artifacts: new Map(),
    pcollections: new Map(),
  };
  const { builder, exports, artifacts, pcollections } = translation;
  const nameOf = (transform: AppliedPTransform) => names.get(transform) ?? transform.label;
  for (const input of fragment.inputs) addInput(input, { name: nameOf(input.producer), inputs }, translation);
  const transformIds = addTransforms(fragment, nameOf, translation);
  for (const [pcollection, folder] of collect ?? []) {
    const id = pcollectionId(pcollection, `Collect ${nameOf(pcollection.producer)}`, pcollections);
    addCollect({ pcollection: id, folder }, translation);
  }
  // A pipeline without functions needs no module.
  const module =
    exports.values.size === 0 ? undefined : await options.capture(exports.values, exports.subjects);
  const staged = [...moduleArtifacts(module), ...artifacts.values()];
  const name = [...fragment.targets, ...fragment.inputs][0]?.pipeline.name;
  const proto = builder.build({
    environment: withArtifacts(options.environment, staged, options.resourceHints),
    displayData: displayData(name === undefined ? [] : [{ key: 'name', label: 'Pipeline', value: name }]),
  });
  return {
    proto,
    artifacts: staged,
    nativePackages: module?.nativePackages ?? [],
    transformIds,
    pcollectionIds: pcollections,
  };
}

/** Adds all primitives with the composites around them; gives the ids of both. */
function addTransforms(
  { transforms }: Fragment,
  nameOf: (transform: AppliedPTransform) => string,
  translation: Translation,
): ReadonlyMap<AppliedPTransform, string> {
  const ids = new Map<AppliedPTransform, string>();
  const place = (composite: AppliedPTransform | undefined): string | undefined => {
    if (composite === undefined) return undefined;
    const known = ids.get(composite);
    if (known !== undefined) return known;
    const parent = place(composite.parent);
    const id = translation.builder.composite({ id: nameOf(composite), parent });
    ids.set(composite, id);
    return id;
  };
  for (const transform of transforms) {
    const name = nameOf(transform);
    if (transform.spec === undefined) {
      throw new TypeError(`Cannot translate "${name}" as it must be a primitive: received a composite`);
    }
    const parent = place(transform.parent);
    const about = aboutTransform(transform, transform.spec);
    translateTransform({ transform, name, parent, about }, transform.spec, translation);
    ids.set(transform, name);
  }
  return ids;
}

function withArtifacts(
  environment: Environment,
  artifacts: readonly StagedArtifact[],
  resourceHints: Readonly<Record<string, Uint8Array>> = {},
): Environment {
  return create(EnvironmentSchema, {
    ...environment,
    dependencies: [...environment.dependencies, ...artifacts.map(artifactInformation)],
    resourceHints: { ...environment.resourceHints, ...resourceHints },
  });
}

function moduleArtifacts(module: CapturedModule | undefined): StagedArtifact[] {
  if (module === undefined) return [];
  return [textArtifact(MODULE_ARTIFACT, module.code), textArtifact(SOURCE_MAP_ARTIFACT, module.sourceMap)];
}

function textArtifact(name: string, text: string): StagedArtifact {
  const bytes = new TextEncoder().encode(text);
  return { name, sha256: createHash('sha256').update(bytes).digest('hex'), content: { bytes } };
}
