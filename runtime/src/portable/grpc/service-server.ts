import type { DescService } from '@bufbuild/protobuf';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { CHANNEL_OPTIONS } from './channel.ts';
import { serviceDefinition } from './service-definition.ts';

/** A gRPC server that listens. */
export interface ListeningServer {
  /** "localhost:41234". */
  readonly url: string;
  /** Ends at once; streams under way are cut. */
  close(): Promise<void>;
}

/** A service and what answers it: handlers of grpc-js by local method name ("startWorker"). */
export interface ServedService {
  readonly service: DescService;
  readonly handlers: UntypedServiceImplementation;
}

/**
 * Serves gRPC services, without encryption, on this machine.
 *
 * @param options.host "localhost" unless told otherwise; "0.0.0.0" lets other machines in.
 * @param options.port 0 takes a free one.
 * @throws the system's error if the port is taken.
 */
export async function serve(
  services: readonly ServedService[],
  { host = 'localhost', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<ListeningServer> {
  const server = new Server(CHANNEL_OPTIONS);
  for (const { service, handlers } of services) server.addService(serviceDefinition(service), handlers);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, actual) => {
      if (error === null) resolve(actual);
      else reject(error);
    });
  });
  return {
    url: `${host === '0.0.0.0' ? 'localhost' : host}:${bound}`,
    close: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}
