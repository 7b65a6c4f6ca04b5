/** An integer with its thousands apart: 1,234,567. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 element", "2 elements". */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** "3 late elements dropped": those that came when their windows took no more. */
export function droppedText(count: number): string {
  return `${formatPlural(count, 'late element')} dropped`;
}

/** A duration given in milliseconds, to read at a glance: "0.4 ms", "12 ms", "0.42 s", "3 min 4 s". */
export function formatDuration(ms: number): string {
  if (ms < 0.05) return '0 ms';
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 99.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A size in bytes, in decimal units: "512 B", "1.2 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : Number(value.toFixed(1))} ${units[unit] ?? ''}`;
}

/** A number at an axis, short: 500k, 1.5M. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  for (const [unit, name] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (size >= unit * (unit === 1e3 ? 10 : 1) && size < 1e12)
      return `${Number((value / unit).toPrecision(4))}${name}`;
  }
  return formatNumber(value);
}

/** A measured number, to four significant digits where it is long: 3.142, 12,345, 1.2e+21. */
export function formatNumber(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(2);
  if (Number.isInteger(value)) return `${value < 0 ? '-' : ''}${formatCount(size)}`;
  if (size >= 999.95) return `${value < 0 ? '-' : ''}${formatCount(size)}`;
  return String(Number(value.toPrecision(4)));
}
