import { INTL } from './native-objects.ts';

/** How to make an object again. */
interface NamedObject {
  /** "new URL". */
  readonly callee: string;
  /** As code. */
  readonly args: readonly string[];
  readonly prototype: object;
}

/** Objects of JavaScript and Node that say by themselves how to make them again; undefined for all others. */
export function namedObject(value: object): NamedObject | undefined {
  for (const name of INTL) {
    // Not every version of Node has all of them.
    const constructor = Intl[name] as typeof Intl.NumberFormat | undefined;
    if (constructor !== undefined && value instanceof constructor) {
      const { locale, ...options } = value.resolvedOptions();
      const args = [JSON.stringify(locale), JSON.stringify(options)];
      return { callee: `new Intl.${name}`, args, prototype: constructor.prototype };
    }
  }
  if (value instanceof URL) {
    return { callee: 'new URL', args: [JSON.stringify(value.href)], prototype: URL.prototype };
  }
  if (value instanceof URLSearchParams) {
    const args = [JSON.stringify(value.toString())];
    return { callee: 'new URLSearchParams', args, prototype: URLSearchParams.prototype };
  }
  if (value instanceof TextEncoder) {
    return { callee: 'new TextEncoder', args: [], prototype: TextEncoder.prototype };
  }
  if (value instanceof TextDecoder) {
    const { encoding, fatal, ignoreBOM } = value;
    const args = [JSON.stringify(encoding), JSON.stringify({ fatal, ignoreBOM })];
    return { callee: 'new TextDecoder', args, prototype: TextDecoder.prototype };
  }
  return undefined;
}
