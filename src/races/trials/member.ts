/** One request of the group while it runs. */
import type { Answer, Boundary } from '../types.ts';
import type { ObservedSending } from './observed-sending.ts';

type Life = 'waiting' | 'running' | 'held' | 'answered';

export class Member {
  readonly index: number;
  readonly sending: ObservedSending;
  readonly boundaries: Boundary[] = [];
  life: Life = 'waiting';
  answer: Answer | undefined;
  hasHeaders = false;
  heardAt = 0;
  releaseBody: () => void = () => {};
  /** It had nothing to do when it was looked at last. */
  suspected = false;
  startedAt = 0;
  /** How often it passed each boundary. */
  passes = new Map<string, number>();

  constructor(index: number, sending: ObservedSending) {
    this.index = index;
    this.sending = sending;
  }
}
