import { format } from 'node:util';

/** How much a log entry matters. */
export type LogSeverity = 'debug' | 'info' | 'warn' | 'error';

const METHODS: Readonly<Record<string, LogSeverity>> = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
  trace: 'error',
};

/** Sends what user code writes by a console's methods to `log`, one entry a call. */
export function logConsole(
  target: Pick<Console, 'debug' | 'log' | 'info' | 'warn' | 'error' | 'trace'>,
  log: (severity: LogSeverity, message: string) => void,
): void {
  for (const [method, severity] of Object.entries(METHODS)) {
    Object.defineProperty(target, method, {
      value: (...values: readonly unknown[]) => log(severity, format(...values)),
      configurable: true,
      writable: true,
    });
  }
}
