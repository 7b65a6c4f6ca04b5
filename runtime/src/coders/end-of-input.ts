/** Thrown where bytes end before the value that they begin does: more may come. */
export class EndOfInput extends RangeError {
  override readonly name = 'EndOfInput';
  /** At least so many bytes are missing. */
  readonly missing: number;

  constructor(missing: number) {
    super(`Cannot decode a value as all its bytes must be there: received ${missing} too few`);
    this.missing = missing;
  }
}
