import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Message } from '../../../kernel/src/protocol/index.ts';
import { decodeMessage, encodeMessage } from '../../../kernel/src/wire/message-codec.ts';
import { Signer } from '../../../kernel/src/wire/signer.ts';

const HEADER = {
  msg_id: 'm1',
  msg_type: 'execute_request',
  session: 's',
  username: 'u',
  date: 'd',
  version: '5.4',
};

const MESSAGE: Message = {
  header: HEADER,
  parent_header: {},
  metadata: { a: [1] },
  content: { code: 'x = "ü𝒳"' },
  buffers: [Buffer.from([0, 255]), Buffer.from('')],
};

/** Frames as a client in another language would make them. */
function frames(options: {
  key?: string;
  parts?: readonly string[];
  identities?: readonly string[];
}): Buffer[] {
  const parts = options.parts ?? [JSON.stringify(HEADER), '{}', '{}', '{"code":"1"}'];
  const signature = createHmac('sha256', options.key ?? 'k')
    .update(parts.join(''))
    .digest('hex');
  return [...(options.identities ?? ['id']), '<IDS|MSG>', signature, ...parts].map((part) =>
    Buffer.from(part),
  );
}

test('encodeMessage() is undone by decodeMessage(), with identities, buffers and text beyond ASCII', () => {
  const identities = [Buffer.from('client'), Buffer.from([1, 0, 2])];
  const encoded = encodeMessage(MESSAGE, { identities, signer: new Signer('secret') });
  expect(decodeMessage(encoded, new Signer('secret'))).toEqual({ identities, message: MESSAGE });
});

test('encodeMessage() signs as jupyter_client does', () => {
  // jupyter_client 8.10: Session(key=b"a-key").sign([b'{"h":1}', b'{}', b'{}', b'{"c":2}'])
  const signature = new Signer('a-key').sign(
    ['{"h":1}', '{}', '{}', '{"c":2}'].map((part) => Buffer.from(part)),
  );
  expect(signature).toBe('33ff25afcb88dcaccd4d3e7427cc0a9ff29a28a7fa839cce271af7a1f1c1639f');
});

test('encodeMessage() leaves the signature empty without a key, and decodeMessage() then takes any', () => {
  const encoded = encodeMessage(MESSAGE, { identities: [], signer: new Signer('') });
  expect(encoded[1]?.length).toBe(0);
  expect(decodeMessage(frames({ key: 'whatever' }), new Signer('')).message.content).toEqual({ code: '1' });
});

test.each([
  { name: 'signed with another key', input: frames({ key: 'other' }), want: 'its signature is wrong' },
  {
    name: 'not signed',
    input: [...frames({}).slice(0, 2), Buffer.from(''), ...frames({}).slice(3)],
    want: 'not signed',
  },
  { name: 'without a delimiter', input: [Buffer.from('x')], want: 'no <IDS|MSG> frame' },
  { name: 'empty', input: [], want: 'no <IDS|MSG> frame' },
  { name: 'cut short', input: frames({}).slice(0, 5), want: 'too few frames' },
  { name: 'no JSON', input: frames({ parts: ['{', '{}', '{}', '{}'] }), want: 'its header is not JSON' },
  {
    name: 'a header without type',
    input: frames({ parts: ['{}', '{}', '{}', '{}'] }),
    want: 'no msg_id and msg_type',
  },
  {
    name: 'content that is a list',
    input: frames({ parts: [JSON.stringify(HEADER), '{}', '{}', '[]'] }),
    want: 'its content is not an object',
  },
  {
    name: 'bytes that are not UTF-8',
    input: [
      ...frames({}).slice(0, 3),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('{}'),
      Buffer.from('{}'),
      Buffer.from('{}'),
    ],
    want: 'its signature is wrong',
  },
])('decodeMessage() refuses a message that is $name', ({ input, want }) => {
  expect(() => decodeMessage(input, new Signer('k'))).toThrow(want);
});

test('decodeMessage() refuses a message that is sent again, until it was long ago', () => {
  const signer = new Signer('k', 2);
  const message = (code: string): Buffer[] =>
    frames({ parts: [JSON.stringify(HEADER), '{}', '{}', JSON.stringify({ code })] });
  decodeMessage(message('a'), signer);
  expect(() => decodeMessage(message('a'), signer)).toThrow('its signature was seen before');
  decodeMessage(message('b'), signer);
  decodeMessage(message('c'), signer);
  expect(decodeMessage(message('a'), signer).message.content).toEqual({ code: 'a' });
});

test('decodeMessage() does not remember a forged signature: the true message still passes', () => {
  const signer = new Signer('k');
  const good = frames({});
  const forged = [...good.slice(0, 6), Buffer.from('{"code":"evil"}')];
  expect(() => decodeMessage(forged, signer)).toThrow('its signature is wrong');
  expect(decodeMessage(good, signer).message.content).toEqual({ code: '1' });
});
