/** The line that shows how far a run is. Pure. */
import type { Phase, RaceEvent } from '../report-types.ts';
import { fit, oneLine } from './cells.ts';
import { plural } from './words.ts';

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  starting: 'starting the app',
  serial: 'serial orders',
  exploring: '',
  confirming: 'confirming a finding',
  minimising: 'looking for a smaller schedule',
};

type Progress = Extract<RaceEvent, { type: 'progress' }>;

/** `coupon.http: 12 of 63 schedules, confirming a finding, 1 found, 41 s left`, in at most `width` columns. */
export function progressText(file: string, progress: Progress, width: number): string {
  const { phase, done, of, findings, leftMs } = progress;
  const parts = [
    of > 0 && phase !== 'starting' ? `${done} of ${plural(of, 'schedule')}` : '',
    PHASE_WORDS[phase],
    findings > 0 ? `${findings} found` : '',
    `${Math.max(0, Math.ceil(leftMs / 1000))} s left`,
  ];
  return fit(`${oneLine(file)}: ${parts.filter((part) => part !== '').join(', ')}`, width);
}

/** The line that a finding adds at once. The card follows at the end. */
export function foundText(sentence: string, found: number, width: number): string {
  return fit(`${plural(found, 'race')} found: ${oneLine(sentence)}`, width);
}
