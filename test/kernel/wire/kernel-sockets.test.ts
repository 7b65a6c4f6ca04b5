import { createServer } from 'node:net';
import { Dealer, Request, Subscriber } from 'zeromq';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../../kernel/src/protocol/index.ts';
import { parseConnection } from '../../../kernel/src/wire/connection-file.ts';
import { KernelSockets, type SocketListener } from '../../../kernel/src/wire/kernel-sockets.ts';
import { decodeMessage, encodeMessage, type Received } from '../../../kernel/src/wire/message-codec.ts';
import { Signer } from '../../../kernel/src/wire/signer.ts';

const closing: { close(): void | Promise<void> }[] = [];

afterEach(async () => {
  for (const socket of closing.splice(0)) await socket.close();
});

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.once('listening', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function connection() {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  return parseConnection({ shell_port, iopub_port, stdin_port, control_port, hb_port, key: 'k' });
}

async function bound(listener: Partial<SocketListener> = {}) {
  const info = await connection();
  const sockets = await KernelSockets.bind(info, {
    onMessage: () => undefined,
    onSubscribe: () => undefined,
    onNotice: () => undefined,
    ...listener,
  });
  closing.push(sockets);
  return { sockets, endpoints: info.endpoints, info };
}

function message(type: string, content: Message['content'] = {}, id = 'm'): Message {
  const header = { msg_id: id, msg_type: type, session: 's', username: '', date: '', version: '5.4' };
  return { header, parent_header: {}, metadata: {}, content, buffers: [] };
}

test('KernelSockets takes a signed request, and sends the reply to who asked', async () => {
  const { sockets, endpoints } = await bound({
    onMessage: (channel, { identities, message: asked }: Received) =>
      sockets.reply(channel, identities, message('answer', { to: asked.header.msg_type, channel })),
  });
  const client = new Dealer({ linger: 0 });
  closing.push(client);
  client.connect(endpoints.control);
  await client.send(encodeMessage(message('question'), { identities: [], signer: new Signer('k') }));
  const answer = decodeMessage(await client.receive(), new Signer('k'));
  expect(answer.message.content).toEqual({ to: 'question', channel: 'control' });
});

test('KernelSockets drops what is malformed with a notice, and goes on', async () => {
  const notices: string[] = [];
  const taken: string[] = [];
  let done: () => void;
  const came = new Promise<void>((resolve) => (done = resolve));
  const { endpoints } = await bound({
    onNotice: (notice) => void notices.push(notice),
    onMessage: (_channel, received) => {
      taken.push(received.message.header.msg_type);
      done();
    },
  });
  const client = new Dealer({ linger: 0 });
  closing.push(client);
  client.connect(endpoints.shell);
  await client.send(['rubbish']);
  await client.send(encodeMessage(message('forged'), { identities: [], signer: new Signer('other') }));
  const good = encodeMessage(message('good'), { identities: [], signer: new Signer('k') });
  await client.send(good);
  await came;
  expect(taken).toEqual(['good']);
  expect(notices).toHaveLength(2);
  expect(notices[1]).toContain('its signature is wrong');
});

test('KernelSockets delivers a flood of 10,000 messages made in one tick, all and in order', async () => {
  let subscribed: () => void;
  const ready = new Promise<void>((resolve) => (subscribed = resolve));
  const { sockets, endpoints } = await bound({ onSubscribe: () => subscribed() });
  const client = new Subscriber({ receiveHighWaterMark: 0 });
  closing.push(client);
  client.subscribe('');
  client.connect(endpoints.iopub);
  await ready;
  const count = 10_000;
  for (let n = 0; n < count; n++) sockets.publish(Buffer.from('stream'), message('stream', { n }));
  const signer = new Signer('k', count);
  const got: unknown[] = [];
  while (got.length < count) got.push(decodeMessage(await client.receive(), signer).message.content.n);
  expect(got).toEqual(Array.from({ length: count }, (_, n) => n));
});

test('KernelSockets answers each heartbeat with the same bytes', async () => {
  const { endpoints } = await bound();
  const client = new Request({ linger: 0 });
  closing.push(client);
  client.connect(endpoints.hb);
  for (const beat of ['ping', 'pong']) {
    await client.send(beat);
    expect(String((await client.receive())[0])).toBe(beat);
  }
});

test('KernelSockets.bind() fails on a port that is taken', async () => {
  const first = await bound();
  const free = await connection();
  const endpoints = { ...free.endpoints, hb: first.endpoints.hb };
  const listener = { onMessage: () => undefined, onSubscribe: () => undefined, onNotice: () => undefined };
  await expect(KernelSockets.bind({ ...free, endpoints }, listener)).rejects.toThrow(
    'Address already in use',
  );
});

test('KernelSockets.close() delivers what was sent just before', async () => {
  let subscribed: () => void;
  const ready = new Promise<void>((resolve) => (subscribed = resolve));
  const { sockets, endpoints } = await bound({ onSubscribe: () => subscribed() });
  const client = new Subscriber();
  closing.push(client);
  client.subscribe('');
  client.connect(endpoints.iopub);
  await ready;
  sockets.publish(Buffer.from('status'), message('status', { last: true }));
  await sockets.close();
  expect(decodeMessage(await client.receive(), new Signer('k')).message.content).toEqual({ last: true });
});
