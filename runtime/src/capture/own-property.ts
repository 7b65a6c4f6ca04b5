/** An own property as it is, with the functions of an accessor as values that nobody calls. */
export interface OwnProperty {
  readonly enumerable: boolean;
  readonly configurable: boolean;
  /** Accessors have none. */
  readonly writable?: boolean;
  readonly value?: unknown;
  readonly get?: unknown;
  readonly set?: unknown;
}

/** The name of a function; "" where a getter of the user's stands in its place. */
export function functionName(fn: object): string {
  const name = ownProperty(fn, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

/** The own property `key` of `owner`, without calling a getter; undefined if there is none. */
export function ownProperty(owner: object, key: string | symbol): OwnProperty | undefined {
  // An own property's descriptor has all these fields; only the types of its functions are wider here.
  return Object.getOwnPropertyDescriptor(owner, key) as OwnProperty | undefined;
}
