import type { ConformanceCase } from './case.ts';
import { CLOSURES } from './pipelines/closures.ts';
import { COMBINE } from './pipelines/combine.ts';
import { CREATE } from './pipelines/create.ts';
import { GROUP } from './pipelines/group.ts';
import { MAP } from './pipelines/map.ts';
import { PAR_DO } from './pipelines/par-do.ts';
import { TEXT } from './pipelines/text.ts';

/** All pipelines of the conformance list; later issues add theirs. */
export const CASES: readonly ConformanceCase[] = [
  ...CREATE,
  ...MAP,
  ...PAR_DO,
  ...GROUP,
  ...COMBINE,
  ...TEXT,
  ...CLOSURES,
];
