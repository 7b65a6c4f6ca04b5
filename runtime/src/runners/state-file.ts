import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalProcess } from './local-process.ts';

/** Keeps what runs on this machine, so that other sessions find it. */
export interface StateFile<T> {
  /** undefined if there is none, or it is not one of ours. */
  read(): T | undefined;
  write(state: T): void;
  remove(): void;
}

/** A state file at a place; `check` takes what was parsed, and gives undefined where it is not what it should be. */
export function stateFile<T>(file: string, check: (value: unknown) => T | undefined): StateFile<T> {
  return {
    read() {
      try {
        return check(JSON.parse(readFileSync(file, 'utf8')) as unknown);
      } catch {
        return undefined; // absent, or half-written by a machine that lost power
      }
    },
    write(state) {
      mkdirSync(path.dirname(file), { recursive: true });
      const temporary = `${file}.${process.pid}`;
      writeFileSync(temporary, `${JSON.stringify(state, undefined, 2)}\n`);
      renameSync(temporary, file);
    },
    remove: () => rmSync(file, { force: true }),
  };
}

/** Whether a value read from a file describes a process. */
export function isLocalProcess(value: unknown): value is LocalProcess {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value.pid) &&
    Number(value.pid) > 1 &&
    typeof value.identity === 'string' &&
    typeof value.logFile === 'string'
  );
}

/** Whether a value read from a file is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value read from a file is a port. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}
