import { credentials, Metadata, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';

/** How to reach a gRPC service. */
export interface EndpointOptions {
  /** "localhost:8099"; without a scheme. */
  readonly url: string;
  /** Encrypts, and checks the server's certificate; by default the connection is plain. */
  readonly tls?: TlsOptions | undefined;
  /** Sent with every call as "authorization: Bearer …". It is refused without `tls`, which would send it in the clear. */
  readonly token?: string | undefined;
  /** More metadata of every call, in lower case: { worker_id: '1-1' }. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What a TLS connection is made of; each is the content of a PEM file. */
export interface TlsOptions {
  /** Whom to trust; the authorities that Node knows, if left out. */
  readonly rootCertificates?: Buffer | undefined;
  /** For a server that asks its clients for a certificate. */
  readonly certificate?: Buffer | undefined;
  readonly privateKey?: Buffer | undefined;
  /** The name in the server's certificate, where it is not the one in the URL. */
  readonly serverName?: string | undefined;
}

/** Of client and server alike: an element can be of any size, and a Fn API stream may be quiet for long. */
export const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
  // HTTP/2's own 64 kB need a round trip for every 32 kB: 1 MB/s was measured on a busy machine, on one host.
  'grpc-node.flow_control_window': 8 << 20,
};

/** Credentials of a connection. @throws {TypeError} for a token without TLS. */
export function channelCredentials({ url, tls, token }: EndpointOptions): ChannelCredentials {
  if (tls === undefined) {
    if (token !== undefined) {
      throw new TypeError(
        `Cannot send a token to ${url} as the connection must be encrypted: received no tls option`,
      );
    }
    return credentials.createInsecure();
  }
  return credentials.createSsl(tls.rootCertificates ?? null, tls.privateKey ?? null, tls.certificate ?? null);
}

/** The channel's options for an endpoint. */
export function channelOptions({ tls }: EndpointOptions): ChannelOptions {
  if (tls?.serverName === undefined) return CHANNEL_OPTIONS;
  return {
    ...CHANNEL_OPTIONS,
    'grpc.ssl_target_name_override': tls.serverName,
    'grpc.default_authority': tls.serverName,
  };
}

/** Metadata of every call to an endpoint. */
export function callMetadata({ token, metadata = {} }: EndpointOptions): Metadata {
  const result = new Metadata();
  for (const [name, value] of Object.entries(metadata)) result.set(name, value);
  if (token !== undefined) result.set('authorization', `Bearer ${token}`);
  return result;
}
