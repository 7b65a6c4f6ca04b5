import { connect, createServer, type Server } from 'node:net';
import { PipelineError } from '../errors.ts';

/** Finds ports of this machine that nothing listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (let index = 0; index < count; index++) servers.push(await listen(0));
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map(close));
  }
}

/**
 * Refuses a port that something listens on already.
 *
 * @param what Who wants it: "Prism's job service".
 */
export async function requireFreePort(port: number, what: string): Promise<void> {
  try {
    await close(await listen(port));
  } catch (error) {
    throw new PipelineError(
      `Cannot start ${what} as its port must be free: received ${port}, which is taken`,
      {
        hint: 'Choose another port, or leave it out: then a free one is taken',
        cause: error,
      },
    );
  }
}

/** Whether something on this machine answers at a port within a second. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new TypeError('A server on a port must have an address');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
