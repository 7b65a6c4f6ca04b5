import { ATOMIC_TYPES, PLAIN_NAME, type Field, type FieldType } from '../model/schema.ts';
import { LOGICAL_TYPES, logicalTypeOf, SIZED_LOGICAL_TYPES } from './logical-type-of.ts';
import { refuseTypeName } from './refuse-type-name.ts';

/** A quote that does not end is a token too, which nothing takes. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[<>(),:?"]|[^\s<>(),:?"]+/gu;

/**
 * The type of a field from its text, as `fieldTypeText` writes it; spaces between its parts do not matter.
 *
 * @param field For errors.
 * @throws {TypeError} for a name that no type has, with those most like it, and for a text that is written wrong.
 */
export function fieldTypeFromText(text: string, field: string): FieldType {
  return new TextReader(text, field).all();
}

class TextReader {
  readonly #text: string;
  readonly #field: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string, field: string) {
    this.#text = text;
    this.#field = field;
    this.#tokens = text.match(TOKEN) ?? [];
  }

  all(): FieldType {
    const type = this.#type();
    if (this.#at < this.#tokens.length) this.#refuse();
    return type;
  }

  #type(): FieldType {
    const type = this.#nonNull();
    return this.#take('?') ? { ...type, nullable: true } : type;
  }

  #nonNull(): FieldType {
    const name = this.#next();
    if (!PLAIN_NAME.test(name)) this.#refuse();
    switch (name) {
      case 'array':
      case 'iterable': {
        this.#expect('<');
        const elementType = this.#type();
        this.#expect('>');
        return { kind: name, nullable: false, elementType };
      }
      case 'map': {
        this.#expect('<');
        const keyType = this.#type();
        this.#expect(',');
        const valueType = this.#type();
        this.#expect('>');
        return { kind: name, nullable: false, keyType, valueType };
      }
      case 'row':
        this.#expect('<');
        return { kind: name, nullable: false, schema: { fields: this.#fields() } };
    }
    const kind = ATOMIC_TYPES.find((atomic) => atomic === name);
    return kind === undefined ? this.#logical(name) : { kind, nullable: false };
  }

  /** Up to the bracket that ends them. */
  #fields(): Field[] {
    const fields: Field[] = [];
    while (!this.#take('>')) {
      if (fields.length > 0) this.#expect(',');
      const token = this.#next();
      const name = token.startsWith('"') ? this.#unquoted(token) : token;
      if (name === token && !PLAIN_NAME.test(name)) this.#refuse();
      this.#expect(':');
      fields.push({ name, type: this.#type() });
    }
    return fields;
  }

  #logical(name: string): FieldType {
    if (!LOGICAL_TYPES.includes(name)) refuseTypeName(name, { field: this.#field, text: this.#text });
    let size: number | undefined;
    if (this.#take('(')) {
      const digits = this.#next();
      if (!/^\d{1,10}$/.test(digits)) this.#refuse();
      size = Number(digits);
      this.#expect(')');
    }
    const type = logicalTypeOf(name, size);
    if (type !== undefined) return type;
    const received = size === undefined ? name : `${name}(${size})`;
    const right = !SIZED_LOGICAL_TYPES.includes(name)
      ? `be without a number`
      : name === 'timestamp'
        ? 'have its digits of a second from 0 to 9, like timestamp(6)'
        : `have a length, like ${name}(20)`;
    throw new TypeError(
      `Cannot make a schema as ${name} in the type of "${this.#field}" must ${right}: received "${received}"`,
    );
  }

  #unquoted(token: string): string {
    try {
      return String(JSON.parse(token));
    } catch {
      return this.#refuse();
    }
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? this.#refuse();
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#refuse();
  }

  #refuse(): never {
    throw new TypeError(
      `Cannot make a schema as the type of "${this.#field}" must be written like "string", "int64?", ` +
        `"array<string>", "map<string, int64>" or "row<name: string>": received ${JSON.stringify(this.#text)}`,
    );
  }
}
