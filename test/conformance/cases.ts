import type { ConformanceCase } from './case.ts';
import { CLOSURES } from './pipelines/closures.ts';
import { COMBINE } from './pipelines/combine.ts';
import { CREATE } from './pipelines/create.ts';
import { CALENDAR } from './pipelines/calendar.ts';
import { ERRORS } from './pipelines/errors.ts';
import { FILE_FORMATS } from './pipelines/file-formats.ts';
import { GROUP } from './pipelines/group.ts';
import { JOINS } from './pipelines/joins.ts';
import { MAP } from './pipelines/map.ts';
import { MORE } from './pipelines/more.ts';
import { MORE_TRANSFORMS } from './pipelines/more-transforms.ts';
import { PANES } from './pipelines/panes.ts';
import { PAR_DO } from './pipelines/par-do.ts';
import { REGROUPING } from './pipelines/regrouping.ts';
import { REQUEST_RESPONSE } from './pipelines/request-response.ts';
import { SESSIONS } from './pipelines/sessions.ts';
import { SIDE_INPUTS } from './pipelines/side-inputs.ts';
import { SPLITTABLE } from './pipelines/splittable.ts';
import { STATE } from './pipelines/state.ts';
import { TEXT } from './pipelines/text.ts';
import { TIMERS } from './pipelines/timers.ts';
import { TRIGGERS } from './pipelines/triggers.ts';
import { WINDOWS } from './pipelines/windows.ts';

/** All pipelines of the conformance list; later issues add theirs. */
export const CASES: readonly ConformanceCase[] = [
  ...CREATE,
  ...MAP,
  ...PAR_DO,
  ...ERRORS,
  ...REQUEST_RESPONSE,
  ...GROUP,
  ...COMBINE,
  ...TEXT,
  ...FILE_FORMATS,
  ...CLOSURES,
  ...WINDOWS,
  ...SESSIONS,
  ...CALENDAR,
  ...TRIGGERS,
  ...PANES,
  ...REGROUPING,
  ...SIDE_INPUTS,
  ...JOINS,
  ...MORE,
  ...MORE_TRANSFORMS,
  ...STATE,
  ...TIMERS,
  ...SPLITTABLE,
];
