import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { Dealer, Request, Subscriber } from 'zeromq';
import { freePort } from '../support/free-port.ts';
import { MILLRACE } from '../support/repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const KEY = 'a key';

interface Answer {
  readonly type: string;
  readonly parent: unknown;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Reads a message by hand: what the kernel's own code writes is not read by the kernel's own code. */
function read(frames: readonly Buffer[]): Answer {
  const at = frames.findIndex((frame) => String(frame) === '<IDS|MSG>');
  const [signature, ...parts] = frames.slice(at + 1);
  const signed = createHmac('sha256', KEY);
  for (const part of parts.slice(0, 4)) signed.update(part);
  expect(String(signature)).toBe(signed.digest('hex'));
  const [header, parent, , content] = parts.map(
    (part) => JSON.parse(String(part)) as Record<string, unknown>,
  );
  return { type: String(header?.msg_type), parent: parent?.msg_id, content: content ?? {} };
}

/** Starts a kernel as Jupyter does, and connects to it. */
async function startKernel(env: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  const ports = {
    shell_port: await freePort(),
    iopub_port: await freePort(),
    stdin_port: await freePort(),
    control_port: await freePort(),
    hb_port: await freePort(),
  };
  const file = path.join(folder, 'connection.json');
  await writeFile(
    file,
    JSON.stringify({
      ...ports,
      ip: '127.0.0.1',
      transport: 'tcp',
      signature_scheme: 'hmac-sha256',
      key: KEY,
    }),
  );
  const child = spawn(process.execPath, [MILLRACE, 'kernel', file], {
    cwd: folder,
    env: { ...process.env, MILLRACE_HISTORY: 'off', ...env },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const options = { linger: 0, receiveHighWaterMark: 0 };
  const shell = new Dealer(options);
  const control = new Dealer(options);
  const iopub = new Subscriber({ ...options });
  const heartbeat = new Request({ linger: 0 });
  for (const socket of [shell, control, iopub, heartbeat]) onTestFinished(() => socket.close());
  iopub.subscribe('');
  iopub.connect(`tcp://127.0.0.1:${ports.iopub_port}`);
  shell.connect(`tcp://127.0.0.1:${ports.shell_port}`);
  control.connect(`tcp://127.0.0.1:${ports.control_port}`);
  heartbeat.connect(`tcp://127.0.0.1:${ports.hb_port}`);

  const send = async (socket: Dealer, type: string, content: object = {}): Promise<string> => {
    const id = randomUUID();
    const header = { msg_id: id, msg_type: type, session: 't', username: 't', date: '', version: '5.4' };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = createHmac('sha256', KEY).update(parts.join('')).digest('hex');
    await socket.send(['<IDS|MSG>', signature, ...parts]);
    return id;
  };
  const reply = async (socket: Dealer, id: string): Promise<Answer['content']> => {
    for (;;) {
      const answer = read(await socket.receive());
      if (answer.parent === id) return answer.content;
    }
  };
  /** All that came on iopub for a request, up to its idle. */
  const published = async (id: string): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (;;) {
      const answer = read(await iopub.receive());
      if (answer.parent !== id) continue;
      if (answer.content.execution_state === 'idle') return answers;
      answers.push(answer);
    }
  };
  const welcome = read(await iopub.receive());
  return { child, shell, control, heartbeat, iopub, send, reply, published, welcome, log: () => log };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

test('A kernel welcomes its client, runs a cell, and delivers 20,000 lines before it is idle', async () => {
  const { shell, send, reply, published, welcome } = await startKernel();
  expect(welcome).toMatchObject({ type: 'iopub_welcome', content: { subscription: '' } });
  const id = await send(shell, 'execute_request', {
    code: "for (let i = 0; i < 20_000; i++) console.log('line', i); 6 * 7",
  });
  const answers = await published(id);
  const text = answers.map(({ type, content }) => (type === 'stream' ? String(content.text) : '')).join('');
  expect(text).toBe(Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''));
  expect(answers.at(-1)).toMatchObject({ type: 'execute_result', content: { data: { 'text/plain': '42' } } });
  expect(await reply(shell, id)).toMatchObject({ status: 'ok', execution_count: 1 });
});

test('A kernel answers heartbeats and requests while a cell loops, and is interrupted by message and by SIGINT', async () => {
  const { child, shell, control, heartbeat, send, reply, published } = await startKernel();
  const set = await send(shell, 'execute_request', { code: 'let kept = 1' });
  expect(await reply(shell, set)).toMatchObject({ status: 'ok' });
  for (const interrupt of [() => send(control, 'interrupt_request'), () => child.kill('SIGINT')]) {
    const loop = await send(shell, 'execute_request', { code: "console.log('on'); while (true) {}" });
    await heartbeat.send('beat');
    expect(String((await heartbeat.receive())[0])).toBe('beat');
    const info = await send(shell, 'kernel_info_request');
    expect(await reply(shell, info)).toMatchObject({ implementation: 'millrace' });
    // Give it the time to be in the loop: what is asked of the language is answered after its check.
    const completion = await send(shell, 'complete_request', { code: 'kep', cursor_pos: 3 });
    expect(await reply(shell, completion)).toMatchObject({ matches: ['kept'] });
    await interrupt();
    expect(await reply(shell, loop)).toMatchObject({ status: 'error', ename: 'Interrupted' });
  }
  const get = await send(shell, 'execute_request', { code: 'kept' });
  const answers = await published(get);
  expect(answers.at(-1)?.content.data).toMatchObject({ 'text/plain': '1' });
});

test('A kernel survives messages that nobody should send, and says what it dropped', async () => {
  const { shell, send, reply, log } = await startKernel();
  await shell.send(['rubbish', Buffer.from([0xff])]);
  await shell.send(['<IDS|MSG>', 'f'.repeat(64), '{}', '{}', '{}', '{}']);
  const id = await send(shell, 'kernel_info_request');
  expect(await reply(shell, id)).toMatchObject({ status: 'ok' });
  // What it logs comes by another way than what it answers.
  await until(() => Promise.resolve(log().includes('its signature is wrong')), {
    what: 'it says what it dropped',
  });
});

test('A kernel answers a shutdown_request, and its process ends with 0', async () => {
  const { child, control, send, reply } = await startKernel();
  const exit = exitOf(child);
  const id = await send(control, 'shutdown_request', { restart: false });
  expect(await reply(control, id)).toEqual({ status: 'ok', restart: false });
  expect(await exit).toBe(0);
});

test('A kernel ends on SIGTERM, also while a cell loops', async () => {
  const { child, shell, send, published, iopub } = await startKernel();
  await published(await send(shell, 'execute_request', { code: '1' }));
  await send(shell, 'execute_request', { code: "console.log('on'); while (true) {}" });
  while (read(await iopub.receive()).type !== 'stream');
  const exit = exitOf(child);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('A kernel without a connection file that it can read says so, and ends with 1', async () => {
  const child = spawn(process.execPath, [MILLRACE, 'kernel', '/no/such.json'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve)); // once all that it logged is read
  expect(await closed).toBe(1);
  expect(log).toContain('/no/such.json');
});
