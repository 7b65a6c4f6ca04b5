import { fromBinary } from '@bufbuild/protobuf';

import { BOOL_CODER } from '../../coders/bool.ts';
import { BYTES_CODER } from '../../coders/bytes.ts';
import type { Coder } from '../../coders/coder.ts';
import { CustomWindowCoder } from '../../coders/custom-window.ts';
import { DOUBLE_CODER } from '../../coders/double.ts';
import { GLOBAL_WINDOW_CODER } from '../../coders/global-window.ts';
import { INTERVAL_WINDOW_CODER } from '../../coders/interval-window.ts';
import { IterableCoder, type OpenIterable } from '../../coders/iterable.ts';
import { KeyCoder } from '../../coders/key-coder.ts';
import { KVCoder } from '../../coders/kv.ts';
import { LengthPrefixCoder } from '../../coders/length-prefix.ts';
import { NullableCoder } from '../../coders/nullable.ts';
import { ParamWindowedValueCoder } from '../../coders/param-windowed-value.ts';
import { RowCoder } from '../../coders/row.ts';
import { ShardedKeyCoder } from '../../coders/sharded-key.ts';
import { STRING_UTF8_CODER } from '../../coders/string-utf8.ts';
import { TimerCoder } from '../../coders/timer.ts';
import { ValueCoder } from '../../coders/value-coder.ts';
import { VARINT_CODER } from '../../coders/varint.ts';
import { WindowedValueCoder, type WindowedCoder } from '../../coders/windowed-value.ts';
import { PipelineError } from '../../errors.ts';
import type { BoundedWindow } from '../../model/window.ts';
import type { Coder as CoderProto } from '../../proto/runner-api.ts';
import { SchemaSchema } from '../../proto/schema.ts';
import { schemaFromProto } from './schema-from-proto.ts';

/** What decoding needs beside the protos. */
export interface CoderContext {
  /** Full name of the transform that groups by the keys among the values, for the error that refuses one. */
  readonly transform?: string | undefined;
  /** Makes iterables whose rest is in the runner's state; without it they are refused when they come. */
  readonly open?: OpenIterable | undefined;
}

type Make = (parts: {
  readonly components: readonly [Coder, Coder];
  readonly payload: Uint8Array;
  readonly context: CoderContext;
}) => Coder;

interface Known {
  /** How many components it has. */
  readonly components: 0 | 1 | 2;
  readonly make: Make;
}

const one = (coder: Coder): Known => ({ components: 0, make: () => coder });

/** Every coder that we know, by its URN. */
const KNOWN: Readonly<Record<string, Known>> = {
  'beam:coder:bytes:v1': one(BYTES_CODER),
  'beam:coder:string_utf8:v1': one(STRING_UTF8_CODER),
  'beam:coder:bool:v1': one(BOOL_CODER),
  'beam:coder:varint:v1': one(VARINT_CODER),
  'beam:coder:double:v1': one(DOUBLE_CODER),
  'beam:coder:global_window:v1': one(GLOBAL_WINDOW_CODER),
  'beam:coder:interval_window:v1': one(INTERVAL_WINDOW_CODER),
  'beam:coder:kv:v1': { components: 2, make: ({ components: [key, value] }) => new KVCoder(key, value) },
  'beam:coder:nullable:v1': { components: 1, make: ({ components: [value] }) => new NullableCoder(value) },
  'beam:coder:length_prefix:v1': {
    components: 1,
    make: ({ components: [value] }) => new LengthPrefixCoder(value),
  },
  'beam:coder:iterable:v1': {
    components: 1,
    make: ({ components: [element], context: { open } }) => new IterableCoder(element, { open }),
  },
  'beam:coder:state_backed_iterable:v1': {
    components: 1,
    make: ({ components: [element], context: { open } }) =>
      new IterableCoder(element, { urn: 'beam:coder:state_backed_iterable:v1', open }),
  },
  'beam:coder:windowed_value:v1': {
    components: 2,
    make: ({ components: [value, window] }) => new WindowedValueCoder(value, window as Coder<BoundedWindow>),
  },
  'beam:coder:param_windowed_value:v1': {
    components: 2,
    make: ({ components: [value, window], payload }) =>
      new ParamWindowedValueCoder(value, window as Coder<BoundedWindow>, payload),
  },
  'beam:coder:row:v1': {
    components: 0,
    make: ({ payload }) => new RowCoder(schemaFromProto(fromBinary(SchemaSchema, payload)), { payload }),
  },
  'beam:coder:sharded_key:v1': {
    components: 1,
    make: ({ components: [key] }) => new ShardedKeyCoder(key),
  },
  'beam:coder:timer:v1': {
    components: 2,
    make: ({ components: [key, window] }) => new TimerCoder(key, window as Coder<BoundedWindow>),
  },
  'beam:coder:custom_window:v1': {
    components: 1,
    make: ({ components: [window] }) => new CustomWindowCoder(window as Coder<BoundedWindow>),
  },
  'millrace:coder:value:v1': { components: 0, make: () => new ValueCoder() },
  'millrace:coder:key:v1': {
    components: 0,
    make: ({ context: { transform } }) => new KeyCoder(transform),
  },
};

/** The URNs of all coders that `coderFromProto` makes. */
export const KNOWN_CODERS: readonly string[] = Object.keys(KNOWN);

/**
 * Makes the coder with this id, and its components.
 *
 * @param coders All coders of a pipeline or a ProcessBundleDescriptor, by id.
 * @throws {PipelineError} names a coder that we do not know. @throws {RangeError} for an id that is not among `coders`,
 *   a cycle, a missing component.
 */
export function coderFromProto(
  id: string,
  coders: Readonly<Record<string, CoderProto>>,
  context: CoderContext = {},
): Coder {
  const make = (id: string, around: readonly string[]): Coder => {
    const proto = coders[id];
    if (proto === undefined || around.includes(id)) {
      throw new RangeError(
        `Cannot make a coder as its id must be one of the pipeline's coders: received "${id}"${proto ? ', which contains itself' : ''}`,
      );
    }
    const urn = proto.spec?.urn ?? '';
    const known = Object.hasOwn(KNOWN, urn) ? KNOWN[urn] : undefined;
    if (known === undefined) throw unknownCoder(id, urn);
    if (proto.componentCoderIds.length !== known.components) {
      throw new RangeError(
        `Cannot make a coder ${urn} as it must have ${known.components} components: received ${proto.componentCoderIds.length}`,
      );
    }
    const components = proto.componentCoderIds.map((component) => make(component, [...around, id]));
    // As many as it needs, as was checked.
    return known.make({
      components: components as unknown as readonly [Coder, Coder],
      payload: proto.spec?.payload ?? new Uint8Array(),
      context,
    });
  };
  return make(id, []);
}

/**
 * The same, for the elements of a data channel, which are windowed values.
 *
 * @throws {RangeError} if it is another coder.
 */
export function windowedCoderFromProto(...args: Parameters<typeof coderFromProto>): WindowedCoder {
  const coder = coderFromProto(...args);
  if (coder instanceof WindowedValueCoder || coder instanceof ParamWindowedValueCoder) return coder;
  throw new RangeError(
    `Cannot read a data channel as its coder must be one of windowed values: received ${coder.urn}`,
  );
}

function unknownCoder(id: string, urn: string): PipelineError {
  return new PipelineError(
    `Cannot read the values of coder "${id}" as it must be one that Millrace knows: received ${urn || 'no URN'}`,
    {
      hint: 'Map the elements to standard types in the step that makes them, before one of Millrace reads them',
    },
  );
}
