/** Which firing of its window's trigger an element came out of: Beam's PaneInfo. */
export interface PaneInfo {
  readonly timing: 'early' | 'onTime' | 'late' | 'unknown';
  /** Counts the firings of one key and window, from 0. */
  readonly index: number;
  /** Counts only the firings that are not early, from 0; -1 for an early one. */
  readonly onTimeIndex: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** The pane of an element that went through no trigger: Beam's PaneInfo.NO_FIRING. */
export const NO_FIRING: PaneInfo = Object.freeze({
  timing: 'unknown',
  index: 0,
  onTimeIndex: 0,
  isFirst: true,
  isLast: true,
});
