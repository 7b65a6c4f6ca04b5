import { expect, test } from 'vitest';
import { HistoryStore } from '../../../kernel/src/kernel/history-store.ts';
import { Kernel } from '../../../kernel/src/kernel/kernel.ts';
import type { KernelSession } from '../../../kernel/src/kernel/kernel-session.ts';
import type { JsonObject, Message, MessageHeader } from '../../../kernel/src/protocol/index.ts';
import { failed, fakeSession, OK, result } from './fake-session.ts';

/** A kernel whose messages are kept, in the order in which they were sent. */
function start(session: KernelSession = fakeSession()) {
  const sent: { channel: 'reply' | 'iopub'; message: Message<unknown> }[] = [];
  const waiting: (() => void)[] = [];
  const ended: string[] = [];
  const notices: string[] = [];
  const keep = (channel: 'reply' | 'iopub', message: Message<unknown>): void => {
    sent.push({ channel, message });
    for (const wake of waiting.splice(0)) wake();
  };
  const kernel = new Kernel({
    startSession: () => Promise.resolve(session),
    history: new HistoryStore({ path: undefined }),
    publish: (message) => keep('iopub', message),
    onShutdown: () => void ended.push('shutdown'),
    onNotice: (notice) => void notices.push(notice),
  });
  let count = 0;
  const send = (type: string, content: JsonObject = {}): string => {
    const id = `r${++count}`;
    const header: MessageHeader = {
      msg_id: id,
      msg_type: type,
      session: 'c',
      username: 'u',
      date: '',
      version: '5.4',
    };
    const message: Message = { header, parent_header: {}, metadata: {}, content, buffers: [] };
    kernel.take(message, (reply) => keep('reply', reply));
    return id;
  };
  const parentOf = (message: Message<unknown>): unknown => message.parent_header.msg_id;
  const of = (id: string) => sent.filter(({ message }) => parentOf(message) === id);
  /** Waits until `type` was sent under `id`. */
  const until = async (id: string, isThere: (message: Message<unknown>) => boolean): Promise<void> => {
    while (!of(id).some(({ message }) => isThere(message))) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const isIdle = (message: Message<unknown>): boolean =>
    JSON.stringify(message.content) === '{"execution_state":"idle"}';
  const ask = async (type: string, content: JsonObject = {}) => {
    const id = send(type, content);
    await until(id, isIdle);
    return { reply: replyTo(id), trace: trace(id) };
  };
  const replyTo = (id: string): unknown => of(id).find(({ channel }) => channel === 'reply')?.message.content;
  /** What was sent under one request: "busy", "execute_input", "reply" … */
  const trace = (id: string): string =>
    of(id)
      .map(({ channel, message: { header, content } }) => {
        if (header.msg_type === 'status') return (content as { execution_state: string }).execution_state;
        return channel === 'reply' ? 'reply' : header.msg_type;
      })
      .join(' ');
  const contents = (id: string, type: string): unknown[] =>
    of(id).flatMap(({ message }) => (message.header.msg_type === type ? [message.content] : []));
  return { kernel, sent, send, ask, until, isIdle, trace, replyTo, contents, ended, notices };
}

test('Kernel answers kernel_info without a session', async () => {
  const { ask, kernel } = start();
  const { reply, trace } = await ask('kernel_info_request');
  expect(trace).toBe('busy reply idle');
  expect(reply).toMatchObject({
    status: 'ok',
    protocol_version: '5.5',
    implementation: 'millrace',
    language_info: { name: 'typescript', file_extension: '.ts', nbconvert_exporter: 'script' },
    supported_features: [],
  });
  expect(() => kernel.interrupt()).not.toThrow();
});

test('Kernel sends all of a cell before its reply and idle, text merged and in order', async () => {
  const { send, until, isIdle, trace, contents, replyTo } = start(
    fakeSession({
      cell: async (show) => {
        for (let n = 0; n < 1000; n++) await show({ kind: 'stream', name: 'stdout', text: `${n}\n` });
        await show({ kind: 'stream', name: 'stderr', text: 'oops' });
        await show({ kind: 'display', data: { a: 1 }, metadata: {}, displayId: 'd', update: false });
        await show({ kind: 'display', data: { a: 2 }, metadata: {}, displayId: 'd', update: true });
        await show({ kind: 'clear', wait: true });
        await show({ kind: 'result', data: { 'text/plain': '3' }, metadata: {} });
        await show({ kind: 'stream', name: 'stdout', text: 'last' });
        return OK;
      },
    }),
  );
  const id = send('execute_request', { code: 'cell' });
  await until(id, isIdle);
  expect(trace(id)).toBe(
    'busy execute_input stream stream display_data update_display_data clear_output execute_result stream reply idle',
  );
  const text = Array.from({ length: 1000 }, (_, n) => `${n}\n`).join('');
  expect(contents(id, 'stream')).toEqual([
    { name: 'stdout', text },
    { name: 'stderr', text: 'oops' },
    { name: 'stdout', text: 'last' },
  ]);
  expect(contents(id, 'update_display_data')).toEqual([
    { data: { a: 2 }, metadata: {}, transient: { display_id: 'd' } },
  ]);
  expect(contents(id, 'execute_input')).toEqual([{ code: 'cell', execution_count: 1 }]);
  expect(replyTo(id)).toEqual({ status: 'ok', execution_count: 1, user_expressions: {}, payload: [] });
});

test('Kernel counts only what is stored in the history; silent shows neither input nor result', async () => {
  const { ask, send, until, isIdle, trace } = start(fakeSession({ one: result('1') }));
  await ask('execute_request', { code: 'one' });
  const silent = send('execute_request', { code: 'one', silent: true, store_history: true });
  await until(silent, isIdle);
  expect(trace(silent)).toBe('busy reply idle');
  expect((await ask('execute_request', { code: 'one', store_history: false })).reply).toMatchObject({
    execution_count: 1,
  });
  expect((await ask('execute_request', { code: 'one' })).reply).toMatchObject({ execution_count: 2 });
  expect((await ask('history_request', { hist_access_type: 'tail', n: 10, output: true })).reply).toEqual({
    status: 'ok',
    history: [
      [1, 1, ['one', '1']],
      [1, 2, ['one', '1']],
    ],
  });
});

test('Kernel aborts the cells that wait when one fails, and runs those that come later', async () => {
  const { send, until, isIdle, trace, replyTo, ask } = start(
    fakeSession({ bad: () => failed(), good: result('1') }),
  );
  const bad = send('execute_request', { code: 'bad' });
  const waiting = send('execute_request', { code: 'good' });
  await until(waiting, isIdle);
  expect(trace(bad)).toBe('busy execute_input error reply idle');
  expect(replyTo(bad)).toMatchObject({ status: 'error', ename: 'Error', evalue: 'boom', execution_count: 1 });
  expect(trace(waiting)).toBe('busy reply idle');
  expect(replyTo(waiting)).toMatchObject({ status: 'aborted' });
  expect((await ask('execute_request', { code: 'good' })).reply).toMatchObject({
    status: 'ok',
    execution_count: 2,
  });
});

test('Kernel goes on after a failed cell when stop_on_error is false', async () => {
  const { send, until, isIdle, replyTo } = start(fakeSession({ bad: () => failed() }));
  send('execute_request', { code: 'bad', stop_on_error: false });
  const waiting = send('execute_request', { code: 'good' });
  await until(waiting, isIdle);
  expect(replyTo(waiting)).toMatchObject({ status: 'ok', execution_count: 2 });
});

test('Kernel evaluates user_expressions, each on its own', async () => {
  const { ask } = start(fakeSession({ x: result('42'), bad: () => failed('ReferenceError') }));
  const { reply } = await ask('execute_request', {
    code: '',
    user_expressions: { a: 'x', b: 'bad', c: 'void' },
  });
  expect(reply).toMatchObject({
    status: 'ok',
    user_expressions: {
      a: { status: 'ok', data: { 'text/plain': '42' } },
      b: { status: 'error', ename: 'ReferenceError' },
      c: { status: 'ok', data: { 'text/plain': 'undefined' } },
    },
  });
});

test('Kernel answers while a cell runs, says busy again, and interrupts by message', async () => {
  const { send, ask, until, isIdle, trace, replyTo } = start();
  const cell = send('execute_request', { code: 'wait' });
  const next = send('execute_request', { code: 'next' });
  const { trace: completion } = await ask('complete_request', { code: 'a.ma', cursor_pos: 4 });
  expect(completion).toBe('busy reply idle');
  expect(trace(cell)).toBe('busy execute_input busy');
  expect(trace(next)).toBe('');
  expect((await ask('interrupt_request')).reply).toEqual({ status: 'ok' });
  await until(next, isIdle);
  expect(replyTo(cell)).toMatchObject({ status: 'error', ename: 'Interrupted' });
  expect(replyTo(next)).toMatchObject({ status: 'aborted' });
});

test('Kernel counts cursor positions in code points, whatever lies beyond the first plane', async () => {
  const { ask } = start();
  const code = '"𝒳𝒴".ma';
  const { reply } = await ask('complete_request', { code, cursor_pos: 7 });
  expect(reply).toEqual({
    status: 'ok',
    matches: ['map'],
    cursor_start: 5,
    cursor_end: 7,
    metadata: { _jupyter_types_experimental: [{ text: 'map', type: 'method', start: 5, end: 7 }] },
  });
  const inspected = await ask('inspect_request', { code, cursor_pos: 7, detail_level: 1 });
  expect(inspected.reply).toMatchObject({
    found: true,
    data: { 'text/plain': 'at 9, 1', 'text/markdown': '**at**' },
  });
  expect((await ask('inspect_request', { code: '', cursor_pos: 0 })).reply).toMatchObject({
    found: false,
    data: {},
  });
});

test('Kernel tells whether code is complete', async () => {
  const { ask } = start();
  expect((await ask('is_complete_request', { code: 'f() {' })).reply).toEqual({
    status: 'incomplete',
    indent: '  ',
  });
  expect((await ask('is_complete_request', { code: '1' })).reply).toEqual({ status: 'complete' });
});

test('Kernel has no comms: it closes what is opened', async () => {
  const { ask, send, until, isIdle, contents, trace } = start();
  expect((await ask('comm_info_request')).reply).toEqual({ status: 'ok', comms: {} });
  const open = send('comm_open', { comm_id: 'c1', target_name: 'nobody', data: {} });
  await until(open, isIdle);
  expect(trace(open)).toBe('busy comm_close idle');
  expect(contents(open, 'comm_close')).toEqual([{ comm_id: 'c1', data: {} }]);
});

test.each([
  { type: 'debug_request', content: { seq: 3, command: 'attach' }, want: { success: false, request_seq: 3 } },
  { type: 'create_subshell_request', content: {}, want: { ename: 'Unsupported' } },
  { type: 'make_coffee_request', content: {}, want: { ename: 'Unsupported' } },
  { type: 'execute_request', content: { code: 7 }, want: { ename: 'MalformedRequestError' } },
  { type: 'execute_request', content: { code: '', silent: 'no' }, want: { ename: 'MalformedRequestError' } },
  { type: 'complete_request', content: {}, want: { ename: 'MalformedRequestError' } },
  { type: 'history_request', content: { hist_access_type: 'all' }, want: { ename: 'MalformedRequestError' } },
])('Kernel refuses $type with $content by name', async ({ type, content, want }) => {
  const { reply, trace } = await start().ask(type, content);
  expect(reply).toMatchObject({ status: 'error', ...want });
  expect(trace).toBe('busy reply idle');
});

test('Kernel turns a fault of its session into the cell’s error, and stays usable', async () => {
  const session = fakeSession({ crash: () => Promise.reject(new TypeError('lost')) });
  const { ask } = start(session);
  expect((await ask('execute_request', { code: 'crash' })).reply).toMatchObject({
    status: 'error',
    ename: 'TypeError',
  });
  expect((await ask('execute_request', { code: 'good' })).reply).toMatchObject({ status: 'ok' });
});

test('Kernel shows what a timer prints under the cell that ran last', async () => {
  const { kernel, send, until, isIdle, contents } = start();
  const id = send('execute_request', { code: 'cell' });
  await until(id, isIdle);
  kernel.background({ kind: 'stream', name: 'stdout', text: 'tick' });
  await until(id, ({ header }) => header.msg_type === 'stream');
  expect(contents(id, 'stream')).toEqual([{ name: 'stdout', text: 'tick' }]);
});

test('Kernel answers shutdown, tells everyone, and then ends; waiting cells are aborted', async () => {
  const session = fakeSession();
  const { ask, send, kernel, ended, replyTo, sent } = start(session);
  await kernel.session();
  send('execute_request', { code: 'wait' });
  const next = send('execute_request', { code: 'next' });
  const { reply, trace } = await ask('shutdown_request', { restart: true });
  expect(reply).toEqual({ status: 'ok', restart: true });
  expect(trace).toBe('busy shutdown_reply reply idle');
  await Promise.resolve();
  expect(ended).toEqual(['shutdown']);
  await kernel.close();
  expect(session.closed).toBe(true);
  expect(replyTo(next)).toMatchObject({ status: 'aborted' });
  expect(sent.every(({ message }) => message.header.version === '5.5')).toBe(true);
});
