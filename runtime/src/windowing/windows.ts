/** Beam's WindowFns: `beam.windows.fixed({ minutes: 1 })`. */
export { calendarDays, calendarMonths, calendarYears } from './calendar-windows.ts';
export { fixed } from './fixed-windows.ts';
export { global } from './global-windows.ts';
export { sessions } from './sessions.ts';
export { sliding } from './sliding-windows.ts';
