/** The line that shows how far a run is. Pure. */
import type { Phase, RaceEvent } from '../report-types.ts';
import { fit, oneLine } from './cells.ts';
import { plural } from './words.ts';

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  starting: 'starting the app',
  serial: 'serial orders',
  exploring: 'schedules',
  confirming: 'confirming a finding',
  minimising: 'looking for a smaller schedule',
};

type Progress = Extract<RaceEvent, { type: 'progress' }>;

/** `coupon.http: schedules 12 of 63, 1 found, 41 s left`, in at most `width` columns. */
export function progressText(file: string, progress: Progress, width: number): string {
  const { phase, done, of, findings, leftMs } = progress;
  const number = of > 0 && phase !== 'starting' ? ` ${done} of ${of}` : '';
  const parts = [
    `${PHASE_WORDS[phase]}${number}`,
    ...(findings > 0 ? [`${findings} found`] : []),
    `${Math.max(0, Math.ceil(leftMs / 1000))} s left`,
  ];
  return fit(`${oneLine(file)}: ${parts.join(', ')}`, width);
}

/** The line that a finding adds at once. The card follows at the end. */
export function foundText(sentence: string, found: number, width: number): string {
  return fit(`${plural(found, 'race')} found: ${oneLine(sentence)}`, width);
}
