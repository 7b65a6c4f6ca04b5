import { Builtins } from './builtins.ts';
import { ByteWriter } from './byte-writer.ts';
import { FunctionSources } from './function-source.ts';
import { ThreadInspector } from './inspector.ts';
import { Scripts } from './scripts.ts';
import type { Toolbox } from './walk.ts';

/** Makes the tools that look at the values of a thread. They hold its inspector session, and learn its scripts, lazily. */
export function makeTools(): Toolbox {
  const inspector = new ThreadInspector();
  return {
    inspector,
    sources: new FunctionSources(),
    scripts: new Scripts(inspector),
    builtins: new Builtins(),
    writer: new ByteWriter(),
  };
}

/** One a thread. JavaScript's globals are known as they were when this was loaded. */
export const threadTools = makeTools();
