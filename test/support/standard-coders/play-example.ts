import { create } from '@bufbuild/protobuf';

import { decodeOuter, encodeOuter, type Coder } from '../../../runtime/src/coders/coder.ts';
import { InputBytes } from '../../../runtime/src/coders/input-bytes.ts';
import type { OpenIterable } from '../../../runtime/src/coders/iterable.ts';
import { OutputBytes } from '../../../runtime/src/coders/output-bytes.ts';
import { coderFromProto } from '../../../runtime/src/portable/coders/coders-from-proto.ts';
import { CoderSchema, type Coder as CoderProto } from '../../../runtime/src/proto/runner-api.ts';
import { plain } from './plain.ts';
import type { CoderSpec, Example, Section } from './sections.ts';
import { wanted } from './wanted.ts';

/** What an example is decoded to, and what that is encoded to; and what both should be. */
export interface Played {
  readonly decoded: { readonly value: unknown; readonly bytesLeft: number };
  readonly wanted: { readonly value: unknown; readonly bytesLeft: 0 };
  /** In hexadecimal. */
  readonly encoded: string;
  /** Undefined where other bytes may stand for the value too. */
  readonly wantedBytes: string | undefined;
}

/** Decodes the bytes of an example, and encodes the value that comes of them. */
export function playExample(
  section: Section,
  [text, value]: Example,
  { context }: { context: 'nested' | 'outer' },
): Played {
  const coder = coderOf(section);
  const bytes = Buffer.from(text, 'latin1');
  const from = new InputBytes(bytes);
  const decoded = context === 'nested' ? coder.decode(from) : decodeOuter(coder, from);
  const to = new OutputBytes();
  if (context === 'nested') coder.encode(decoded, to);
  else encodeOuter(coder, decoded, to);
  return {
    decoded: { value: plain(decoded), bytesLeft: from.left },
    wanted: { value: wanted(section.coder, value), bytesLeft: 0 },
    encoded: Buffer.from(to.take()).toString('hex'),
    wantedBytes: section.coder.non_deterministic === true ? undefined : bytes.toString('hex'),
  };
}

function coderOf({ coder }: Section): Coder {
  const protos: Record<string, CoderProto> = {};
  const add = ({ urn, payload = '', components = [] }: CoderSpec): string => {
    const componentCoderIds = components.map(add);
    const id = String(Object.keys(protos).length);
    protos[id] = create(CoderSchema, {
      spec: { urn, payload: Buffer.from(payload, 'latin1') },
      componentCoderIds,
    });
    return id;
  };
  const open: OpenIterable = ({ first, token, coder: element }) => {
    const rest = new InputBytes(
      Buffer.from(coder.state?.[Buffer.from(token).toString('latin1')] ?? '', 'latin1'),
    );
    const values = [...first];
    while (rest.left > 0) values.push(element.decode(rest));
    return values;
  };
  return coderFromProto(add(coder), protos, { open });
}
