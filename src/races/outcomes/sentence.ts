/** The one sentence of a finding: what was seen, and what serial orders give instead. It says no more than was compared. */
import type { FindingKind, Outcome } from '../types.ts';
import { type Claim, type Comparison, probeClaim, repeatClaim, statusClaim, valueClaim } from './claims.ts';
import type { LeakedValue } from './leaked-value.ts';
import type { Scene } from './scene.ts';
import { capitalised, code, counted, listed, numberWord, requestsWord } from './words.ts';

export interface SentenceOptions {
  /** It was never seen in one worker. */
  onlyWithSeveralWorkers: boolean;
  /** What an `error-only` left: a serial state, or that of the group without the requests that failed. */
  rest?: { is: 'serial' | 'not-sent'; failed: number };
  leaked?: LeakedValue;
  death?: string;
}

export function sentenceOf(kind: FindingKind, comparison: Comparison, options: SentenceOptions): string {
  const text = `${observedAndSerial(kind, comparison, options)}.`;
  return options.onlyWithSeveralWorkers ? `Only with several workers: ${text}` : capitalised(text);
}

function observedAndSerial(kind: FindingKind, comparison: Comparison, options: SentenceOptions): string {
  const orders = `serial order${comparison.set.scene.sampled === true ? ' tried' : ''}`;
  if (kind === 'crash' && !comparison.set.outcomes.some(({ form }) => form.died)) {
    const reason = options.death === undefined ? '' : ` (${options.death.split('\n', 1)[0]!})`;
    return `a worker died${reason} while ${requestsWord(titlesOf(comparison.set.scene))} ran together; in every ${orders} it lives on`;
  }
  if (kind === 'other-users-data' && options.leaked !== undefined) {
    const { title, value, other } = options.leaked;
    return `the answer of ${code(title)} has ${value}, which in every ${orders} only the answer of ${code(other)} has`;
  }
  const claims = claimsOf(comparison);
  // A worker died, as in some serial order, and all else is as in another one.
  if (claims.length === 0) return `no ${orders} has these answers with a worker that died`;
  const observed = listed(claims.map((claim) => claim.observed));
  const always = claims.every((claim) => claim.always);
  const serial = listed(claims.map((claim) => claim.serial));
  const rest = restWords(kind, comparison, options);
  const where = always
    ? `in every ${orders} ${serial}`
    : `no ${orders} gives that: in the nearest, ${serial}`;
  return `${observed}; ${where}${rest}`;
}

/** At most two: one of the group's answers and one of the probes. */
function claimsOf(comparison: Comparison): Claim[] {
  const { scene } = comparison.set;
  const answers = repeatClaim(comparison) ?? statusClaim(comparison) ?? valueClaim(comparison);
  const probe = probeClaim(comparison);
  if (answers === undefined && probe !== undefined)
    return [{ ...probe, observed: `after ${requestsWord(titlesOf(scene))} ran together, ${probe.observed}` }];
  return [answers, probe].filter((claim) => claim !== undefined);
}

function restWords(kind: FindingKind, { set }: Comparison, { rest }: SentenceOptions): string {
  if (kind !== 'error-only' || rest === undefined || set.scene.probes.length === 0) return '';
  if (rest.is === 'serial') return ', and everything else is as a serial order leaves it';
  return `, and everything else is as if ${rest.failed === 1 ? 'it' : 'they'} had not been sent`;
}

function titlesOf({ group }: Scene): string[] {
  return group.map(({ title }) => title);
}

/** For the note that requests were turned away: `POST /apply answered 409 while another one was under way; …`. */
export function busySentence({ group }: Scene, { answers }: Outcome, without: readonly number[]): string {
  const words = without.map((index) => `${code(group[index]!.title)} answered ${answers[index]!.status}`);
  const told = counted(words).map(([word, count]) => (count === 1 ? word : `${numberWord(count)} ${word}`));
  const they = without.length === 1 ? 'it' : 'they';
  return `${capitalised(listed(told))} while another request was under way; the rest is as if ${they} had not been sent.`;
}
