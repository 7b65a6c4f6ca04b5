import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ExportError } from './export-error.ts';

/** The folder of a project while it is being filled: beside the one that it becomes, so that nothing half done is seen. */
export class ProjectFolder {
  /** Absolute, and another one once it is done. */
  readonly root: string;
  /** What was written, without what was copied. */
  readonly files: string[] = [];
  readonly #out: string;

  /**
   * @param out Absolute.
   * @throws {ExportError} if something is in it.
   */
  constructor(out: string) {
    if (existsSync(out) && (!statSync(out).isDirectory() || readdirSync(out).length > 0)) {
      throw new ExportError(
        `Cannot export to ${out} as it must be a new or an empty folder: received ${statSync(out).isDirectory() ? 'one with files in it' : 'a file'}`,
        'Name another folder with --out, or remove this one',
      );
    }
    this.#out = out;
    mkdirSync(path.dirname(out), { recursive: true });
    this.root = mkdtempSync(path.join(path.dirname(out), '.millrace-export-'));
  }

  /** Writes a file of the project. */
  write(name: string, content: string | Buffer): void {
    const file = this.#place(name);
    writeFileSync(file, content);
    this.files.push(name);
  }

  /** Copies a file into the project. */
  copy(from: string, to: string): void {
    cpSync(from, this.#place(to));
  }

  /** A folder of the project, absolute; made if it is not there. */
  folder(name: string): string {
    const folder = path.join(this.root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Gives the folder its name. */
  finish(): void {
    for (const name of readdirSync(this.root)) {
      const folder = path.join(this.root, name);
      if (statSync(folder).isDirectory() && readdirSync(folder).length === 0) rmdirSync(folder);
    }
    if (existsSync(this.#out)) rmdirSync(this.#out);
    renameSync(this.root, this.#out);
  }

  /** Removes it, as the project came to nothing. */
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #place(name: string): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }
}
