/**
 * Why a value has no digest, on its way up: each level of the walk adds the key it was at.
 *
 * Only `digest.ts` sees it at the end, and turns it into an UndigestibleError with the whole path.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Property names from the captured value down to the one that is refused: [".client", "[3]"]. */
  readonly keys: string[] = [];
  /** One thing to do next. */
  readonly hint: string | undefined;

  /** @param reason What it is, to stand after its path: "is a pending promise". */
  constructor(reason: string, hint?: string) {
    super(reason);
    this.hint = hint;
  }
}

/** For an `import()` within a function: what it will load is not there to be digested. */
export function importRefusal(): Refusal {
  return new Refusal(
    'imports a module while it runs, so a change of that module would go unseen',
    'Import the module outside the function',
  );
}
