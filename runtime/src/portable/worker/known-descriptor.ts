import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ProcessBundleDescriptorSchema,
  RemoteGrpcPortSchema,
  type ProcessBundleDescriptor,
} from '../../proto/fn-api.ts';
import type { ApiServiceDescriptor } from '../../proto/endpoints.ts';

/** What the gRPC side needs of a ProcessBundleDescriptor: which streams its bundles use. */
export interface KnownDescriptor {
  readonly id: string;
  /** The whole of it, for bundle threads. */
  readonly bytes: Uint8Array;
  /** Data endpoints by transform id, of what reads from and writes to the runner. */
  readonly sources: ReadonlyMap<string, string>;
  readonly sinks: ReadonlyMap<string, string>;
  /** Undefined if no step asks for state. */
  readonly stateUrl: string | undefined;
  /** Where timers come from and go to; undefined if no step sets any. */
  readonly timerUrl: string | undefined;
}

const SOURCE_URN = 'beam:runner:source:v1';
const SINK_URN = 'beam:runner:sink:v1';

/** @throws {TypeError} for an endpoint that asks for authentication, or that is missing. */
export function knownDescriptor(descriptor: ProcessBundleDescriptor): KnownDescriptor {
  const ports = (urn: string) =>
    new Map(
      Object.entries(descriptor.transforms)
        .filter(([, transform]) => transform.spec?.urn === urn)
        .map(([id, { spec }]) => {
          const port = fromBinary(RemoteGrpcPortSchema, spec?.payload ?? new Uint8Array());
          return [id, endpointUrl(port.apiServiceDescriptor, `the data of "${id}"`)] as const;
        }),
    );
  const { stateApiServiceDescriptor: state, timerApiServiceDescriptor: timers } = descriptor;
  return {
    id: descriptor.id,
    bytes: toBinary(ProcessBundleDescriptorSchema, descriptor),
    sources: ports(SOURCE_URN),
    sinks: ports(SINK_URN),
    stateUrl: state === undefined || state.url === '' ? undefined : endpointUrl(state, 'state'),
    timerUrl: timers === undefined || timers.url === '' ? undefined : endpointUrl(timers, 'timers'),
  };
}

/**
 * The URL of an endpoint that a runner names.
 *
 * @param purpose For the error: "logging".
 * @throws {TypeError} if it asks for authentication, or has no URL.
 */
export function endpointUrl(endpoint: ApiServiceDescriptor | undefined, purpose: string): string {
  if (endpoint?.authentication !== undefined && endpoint.authentication.urn !== '') {
    throw new TypeError(
      `Cannot reach the endpoint for ${purpose} as it must take a plain connection: received the authentication ${endpoint.authentication.urn}`,
    );
  }
  if (endpoint === undefined || endpoint.url === '') {
    throw new TypeError(
      `Cannot reach the endpoint for ${purpose} as the runner must give its URL: received none`,
    );
  }
  return endpoint.url;
}
