import { fromBinary } from '@bufbuild/protobuf';
import {
  ArtifactStagingToRolePayloadSchema,
  ComponentsSchema,
  DockerPayloadSchema,
  ExternalPayloadSchema,
  LabelledPayloadSchema,
  ProcessPayloadSchema,
  type Components,
  type Environment,
  type Pipeline,
} from '../../proto/runner-api.ts';
import { create } from '@bufbuild/protobuf';
import {
  StandardArtifacts_RolesUrn,
  StandardDisplayData_DisplayDataUrn,
  StandardEnvironments_EnvironmentsUrn as ENVIRONMENT,
} from '../../proto/urns.ts';
import { transformKind } from './transform-kind.ts';

/**
 * A portable pipeline, of any SDK, as text: its environments, then its transforms as a tree, each with what it reads
 * and makes, by which coder.
 */
export function describePipeline(pipeline: Pipeline): string {
  const components = pipeline.components ?? create(ComponentsSchema);
  const environments = Object.entries(components.environments);
  return [
    `pipeline ${nameOf(pipeline) ?? '(no name)'}`,
    ...environments.map(([id, environment]) => `environment ${id}: ${describeEnvironment(environment)}`),
    ...pipeline.requirements.map((urn) => `requires ${urn}`),
    ...pipeline.rootTransformIds.flatMap((id) => describeTransform(id, components, { depth: 0, parent: '' })),
  ].join('\n');
}

function describeTransform(
  id: string,
  components: Components,
  { depth, parent }: { readonly depth: number; readonly parent: string },
): string[] {
  const transform = components.transforms[id];
  const indent = '  '.repeat(depth);
  if (transform === undefined) return [`${indent}${id}: missing`];
  const { uniqueName, subtransforms, inputs, outputs, environmentId } = transform;
  const label = uniqueName.startsWith(`${parent}/`) ? uniqueName.slice(parent.length + 1) : uniqueName;
  const kind = transformKind(transform);
  if (subtransforms.length > 0) {
    return [
      `${indent}${label}${kind === 'composite' ? '' : `: ${kind}`}`,
      ...subtransforms.flatMap((part) =>
        describeTransform(part, components, { depth: depth + 1, parent: uniqueName }),
      ),
    ];
  }
  const from = Object.values(inputs).join(', ');
  const to = Object.entries(outputs)
    .map(([tag, output]) => `${output}${output.endsWith(`.${tag}`) ? '' : ` as ${tag}`}`)
    .map((name, index) => `${name} (${coderText(Object.values(outputs)[index] ?? '', components)})`)
    .join(', ');
  const place = environmentId === '' ? '' : ` in ${environmentId}`;
  return [
    `${indent}${label}: ${kind}${place}${from === '' ? '' : `, ${from}`} → ${to === '' ? 'nothing' : to}`,
  ];
}

/** The coder of a PCollection, spelled out: "kv(key, iterable(value))". */
function coderText(pcollection: string, { pcollections, coders }: Components): string {
  const spell = (id: string, around: readonly string[]): string => {
    const coder = coders[id];
    if (coder === undefined || around.includes(id)) return `missing ${id}`;
    const urn = coder.spec?.urn ?? '';
    const name = /^[^:]+:coder:(.+):v\d+$/.exec(urn)?.[1] ?? urn;
    const parts = coder.componentCoderIds.map((part) => spell(part, [...around, id]));
    return parts.length === 0 ? name : `${name}(${parts.join(', ')})`;
  };
  return spell(pcollections[pcollection]?.coderId ?? '', []);
}

function describeEnvironment({ urn, payload, dependencies }: Environment): string {
  const files = dependencies.map(({ roleUrn, rolePayload, typeUrn }) =>
    roleUrn === StandardArtifacts_RolesUrn.STAGING_TO
      ? fromBinary(ArtifactStagingToRolePayloadSchema, rolePayload).stagedName
      : typeUrn,
  );
  return [placeText(urn, payload), ...files].join(', ');
}

function placeText(urn: string, payload: Uint8Array): string {
  switch (urn) {
    case ENVIRONMENT.PROCESS:
      return `process ${fromBinary(ProcessPayloadSchema, payload).command}`;
    case ENVIRONMENT.EXTERNAL:
      return `external ${fromBinary(ExternalPayloadSchema, payload).endpoint?.url ?? ''}`;
    case ENVIRONMENT.DOCKER:
      return `docker ${fromBinary(DockerPayloadSchema, payload).containerImage}`;
    default:
      return urn;
  }
}

/** The name that goes with a pipeline of ours. */
export function nameOf({ displayData }: Pipeline): string | undefined {
  for (const { urn, payload } of displayData) {
    if (urn !== StandardDisplayData_DisplayDataUrn.LABELLED) continue;
    const { key, namespace, value } = fromBinary(LabelledPayloadSchema, payload);
    if (namespace === 'millrace' && key === 'name' && value.case === 'stringValue') return value.value;
  }
  return undefined;
}
