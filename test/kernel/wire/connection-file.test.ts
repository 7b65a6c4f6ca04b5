import { expect, test } from 'vitest';
import { parseConnection, readConnectionFile } from '../../../kernel/src/wire/connection-file.ts';

const GOOD = {
  transport: 'tcp',
  ip: '127.0.0.1',
  shell_port: 1,
  iopub_port: 2,
  stdin_port: 3,
  control_port: 4,
  hb_port: 65_535,
  signature_scheme: 'hmac-sha256',
  key: 'k',
  kernel_name: 'millrace',
};

test('parseConnection() gives the addresses of tcp, IPv6 and ipc', () => {
  expect(parseConnection(GOOD)).toEqual({
    endpoints: {
      shell: 'tcp://127.0.0.1:1',
      iopub: 'tcp://127.0.0.1:2',
      stdin: 'tcp://127.0.0.1:3',
      control: 'tcp://127.0.0.1:4',
      hb: 'tcp://127.0.0.1:65535',
    },
    ipv6: false,
    key: 'k',
  });
  expect(parseConnection({ ...GOOD, ip: '::1' })).toMatchObject({
    endpoints: { shell: 'tcp://[::1]:1' },
    ipv6: true,
  });
  expect(parseConnection({ ...GOOD, transport: 'ipc', ip: '/tmp/k' }).endpoints.hb).toBe(
    'ipc:///tmp/k-65535',
  );
});

test.each([
  { name: 'another scheme', json: { ...GOOD, signature_scheme: 'hmac-md5' }, want: 'received "hmac-md5"' },
  { name: 'another transport', json: { ...GOOD, transport: 'udp' }, want: 'received "udp"' },
  {
    name: 'a missing port',
    json: { ...GOOD, hb_port: undefined },
    want: 'hb_port must be a port number: received nothing',
  },
  {
    name: 'a port of 0',
    json: { ...GOOD, shell_port: 0 },
    want: 'shell_port must be a port number: received 0',
  },
  { name: 'a list', json: [], want: 'must hold a JSON object' },
])('parseConnection() refuses $name', ({ json, want }) => {
  expect(() => parseConnection(json)).toThrow(want);
});

test('parseConnection() takes any scheme without a key, as nothing is signed', () => {
  expect(parseConnection({ ...GOOD, key: '', signature_scheme: 'none' }).key).toBe('');
});

test('readConnectionFile() names a file that is not there', () => {
  expect(() => readConnectionFile('/no/such/kernel.json')).toThrow('/no/such/kernel.json');
});
