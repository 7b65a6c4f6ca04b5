import { JobState_Enum } from '../../proto/job-api.ts';

/** How far a job is, in Beam's words. */
export type JobState =
  | 'UNSPECIFIED'
  | 'STOPPED'
  | 'STARTING'
  | 'RUNNING'
  | 'DRAINING'
  | 'CANCELLING'
  | 'UPDATING'
  | 'DONE'
  | 'FAILED'
  | 'CANCELLED'
  | 'UPDATED'
  | 'DRAINED';

const NAMES: Readonly<Record<JobState_Enum, JobState>> = {
  [JobState_Enum.UNSPECIFIED]: 'UNSPECIFIED',
  [JobState_Enum.STOPPED]: 'STOPPED',
  [JobState_Enum.STARTING]: 'STARTING',
  [JobState_Enum.RUNNING]: 'RUNNING',
  [JobState_Enum.DRAINING]: 'DRAINING',
  [JobState_Enum.CANCELLING]: 'CANCELLING',
  [JobState_Enum.UPDATING]: 'UPDATING',
  [JobState_Enum.DONE]: 'DONE',
  [JobState_Enum.FAILED]: 'FAILED',
  [JobState_Enum.CANCELLED]: 'CANCELLED',
  [JobState_Enum.UPDATED]: 'UPDATED',
  [JobState_Enum.DRAINED]: 'DRAINED',
};

const TERMINAL: ReadonlySet<JobState> = new Set(['DONE', 'FAILED', 'CANCELLED', 'UPDATED', 'DRAINED']);

/** A state by its name; one that this version does not know is UNSPECIFIED. */
export function jobStateFromProto(state: JobState_Enum): JobState {
  // A runner of a later version may send other numbers.
  return (NAMES as Readonly<Record<number, JobState | undefined>>)[state] ?? 'UNSPECIFIED';
}

/** True for a state that no job leaves. */
export function isTerminal(state: JobState): boolean {
  return TERMINAL.has(state);
}
