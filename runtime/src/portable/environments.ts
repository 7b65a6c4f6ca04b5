import { create, toBinary } from '@bufbuild/protobuf';
import {
  DockerPayloadSchema,
  EnvironmentSchema,
  ExternalPayloadSchema,
  ProcessPayloadSchema,
  type Environment,
} from '../proto/runner-api.ts';
import {
  StandardCoders_EnumUrn as CODER,
  StandardEnvironments_EnvironmentsUrn as ENVIRONMENT,
  StandardProtocols_EnumUrn as PROTOCOL,
  StandardPTransforms_CombineComponentsUrn as COMBINE,
  StandardPTransforms_PrimitivesUrn as PRIMITIVE,
  StandardPTransforms_SplittableParDoComponentsUrn as SPLITTABLE,
} from '../proto/urns.ts';
import { KNOWN_CODERS } from './coders/coders-from-proto.ts';
import { displayData } from './to-proto/display-data.ts';

/** Where user code runs. */
export type WorkerPlace =
  /** The runner starts `command` wherever it needs a worker: on the machines that it runs on. */
  | {
      readonly kind: 'process';
      /** An executable file, that takes Beam's flags `--id` and `--provision_endpoint`. */
      readonly command: string;
      readonly variables?: Readonly<Record<string, string>> | undefined;
    }
  /** A worker pool that runs already; a loopback environment is one in this process. */
  | {
      readonly kind: 'external';
      /** "localhost:50000", as the runner reaches it. */
      readonly endpoint: string;
      readonly parameters?: Readonly<Record<string, string>> | undefined;
    }
  /** A container image whose entry point is our worker. */
  | { readonly kind: 'docker'; readonly image: string };

/** What our worker can do, beyond what every worker can: runners ask for nothing else. */
export const WORKER_CAPABILITIES: readonly string[] = [
  PROTOCOL.PROGRESS_REPORTING,
  PROTOCOL.WORKER_STATUS,
  PROTOCOL.HARNESS_MONITORING_INFOS,
  PROTOCOL.MULTI_CORE_BUNDLE_PROCESSING,
  PROTOCOL.DATA_SAMPLING,
  PROTOCOL.SDK_CONSUMING_RECEIVED_DATA,
  PRIMITIVE.FLATTEN,
  SPLITTABLE.TRUNCATE_SIZED_RESTRICTION,
  COMBINE.COMBINE_PER_KEY_PRECOMBINE,
  COMBINE.COMBINE_PER_KEY_MERGE_ACCUMULATORS,
  COMBINE.COMBINE_PER_KEY_EXTRACT_OUTPUTS,
  ...Object.values(CODER).filter((urn) => KNOWN_CODERS.includes(urn)),
];

/** An environment as a pipeline names it, with all that our worker can do; its files are added by `toPortable`. */
export function environment(place: WorkerPlace): Environment {
  return create(EnvironmentSchema, {
    ...payloadOf(place),
    capabilities: [...WORKER_CAPABILITIES],
    displayData: displayData([{ key: 'sdk', label: 'SDK', value: 'Millrace (TypeScript)' }]),
  });
}

function payloadOf(place: WorkerPlace): { readonly urn: string; readonly payload: Uint8Array } {
  switch (place.kind) {
    case 'process': {
      const { command, variables = {} } = place;
      const payload = create(ProcessPayloadSchema, { command, env: { ...variables } });
      return { urn: ENVIRONMENT.PROCESS, payload: toBinary(ProcessPayloadSchema, payload) };
    }
    case 'external': {
      const { endpoint, parameters = {} } = place;
      const payload = create(ExternalPayloadSchema, {
        endpoint: { url: endpoint },
        params: { ...parameters },
      });
      return { urn: ENVIRONMENT.EXTERNAL, payload: toBinary(ExternalPayloadSchema, payload) };
    }
    case 'docker': {
      const payload = create(DockerPayloadSchema, { containerImage: place.image });
      return { urn: ENVIRONMENT.DOCKER, payload: toBinary(DockerPayloadSchema, payload) };
    }
  }
}
