import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';

const source = fileURLToPath(new URL('../../../runtime/src', import.meta.url));

/** A folder with the digests as JavaScript, where plain Node runs modules that use them, without any loader. */
export class Outside {
  readonly directory = mkdtempSync(join(tmpdir(), 'millrace-digest-'));

  constructor() {
    const files = ['model', 'capture'].flatMap((folder) =>
      readdirSync(join(source, folder)).map((name) => join(folder, name)),
    );
    for (const file of ['errors.ts', ...files]) {
      const { outputText } = ts.transpileModule(readFileSync(join(source, file), 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          rewriteRelativeImportExtensions: true,
          verbatimModuleSyntax: true,
        },
      });
      this.write(join('millrace', file.replace(/\.ts$/, '.js')), outputText);
    }
    this.write('millrace/package.json', '{ "name": "millrace", "version": "0.0.0", "type": "module" }');
    mkdirSync(join(this.directory, 'node_modules'));
    symlinkSync(
      dirname(fileURLToPath(import.meta.resolve('acorn/package.json'))),
      join(this.directory, 'node_modules/acorn'),
    );
  }

  /** Writes a file at a path below the folder. */
  write(path: string, text: string): void {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Runs a module in a process of its own; resolves to the JSON that it prints. `digestValue` is imported for it. */
  async inProcess(code: string): Promise<unknown> {
    this.write('main.mjs', `${IMPORT}${code}`);
    const { stdout } = await promisify(execFile)(process.execPath, [join(this.directory, 'main.mjs')], {
      maxBuffer: 1e8,
    });
    return JSON.parse(stdout);
  }

  /** Runs a module in a worker thread; resolves to the message that it posts. */
  async inWorker(code: string): Promise<unknown> {
    this.write('worker.mjs', `import { parentPort } from 'node:worker_threads';\n${IMPORT}${code}`);
    const worker = new Worker(join(this.directory, 'worker.mjs'));
    try {
      return await new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
    } finally {
      await worker.terminate();
    }
  }
}

const IMPORT = `import { digestValue } from './millrace/capture/digest.js';\n`;
