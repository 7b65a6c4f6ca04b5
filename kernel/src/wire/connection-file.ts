import { readFileSync } from 'node:fs';
import { errorMessage } from './error-message.ts';

/** A kernel's five sockets, by the connection file's names. */
export type SocketName = 'shell' | 'iopub' | 'stdin' | 'control' | 'hb';

/** Where and how to listen, checked. */
export interface ConnectionInfo {
  /** ZeroMQ addresses to bind. */
  readonly endpoints: Readonly<Record<SocketName, string>>;
  /** The addresses are IPv6. */
  readonly ipv6: boolean;
  /** The HMAC-SHA256 key; empty for unsigned messages. */
  readonly key: string;
}

/** The connection file is missing, or does not say what a kernel needs. */
export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
}

/**
 * Reads the file that tells a kernel its ports and key.
 *
 * @throws {ConnectionFileError} that names the file and the field at fault.
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export function readConnectionFile(path: string): ConnectionInfo {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConnectionFileError(
      `Cannot read the connection file as it must be a JSON file: received ${path} (${errorMessage(error)})`,
      { cause: error },
    );
  }
  return parseConnection(json);
}

/**
 * Checks a connection file's content.
 *
 * @throws {ConnectionFileError} that names the field at fault.
 */
export function parseConnection(json: unknown): ConnectionInfo {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw invalid('the connection file must hold a JSON object', json);
  }
  const fields = new Map<string, unknown>(Object.entries(json));
  const transport = fields.get('transport') ?? 'tcp';
  if (transport !== 'tcp' && transport !== 'ipc')
    throw invalid('transport must be "tcp" or "ipc"', transport);
  const scheme = fields.get('signature_scheme') ?? 'hmac-sha256';
  const key = fields.get('key') ?? '';
  if (typeof key !== 'string') throw invalid('key must be a string', key);
  // Without a key nothing is signed, whatever the scheme.
  if (scheme !== 'hmac-sha256' && key !== '') throw invalid('signature_scheme must be "hmac-sha256"', scheme);
  const ip = fields.get('ip') ?? (transport === 'tcp' ? '127.0.0.1' : undefined);
  if (typeof ip !== 'string' || ip === '') throw invalid('ip must be a string', ip);
  const ipv6 = transport === 'tcp' && ip.includes(':');
  const endpoint = (name: SocketName): string => {
    const port = fields.get(`${name}_port`);
    const isPort = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536;
    if (!isPort) throw invalid(`${name}_port must be a port number`, port);
    if (transport === 'ipc') return `ipc://${ip}-${port}`;
    return ipv6 ? `tcp://[${ip}]:${port}` : `tcp://${ip}:${port}`;
  };
  return {
    endpoints: {
      shell: endpoint('shell'),
      iopub: endpoint('iopub'),
      stdin: endpoint('stdin'),
      control: endpoint('control'),
      hb: endpoint('hb'),
    },
    ipv6,
    key,
  };
}

function invalid(what: string, received: unknown): ConnectionFileError {
  const text = received === undefined ? 'nothing' : JSON.stringify(received);
  return new ConnectionFileError(`Cannot start the kernel as ${what}: received ${text}`);
}
