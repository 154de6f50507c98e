/**
 * Times of a clock in answers. Two runs may show the same second by chance, and a trial then another one. So a time within
 * a day of the run, or whole days away from it, is taken out wherever it stands, whether it was seen to differ or not. A date without a time of day
 * stays: it is as often data as a clock's.
 */

const DAY_MS = 86_400_000;
/** Expiries further away are not taken for a clock's. */
const MAX_DAYS = 3660;
/** How long a run may last, and how far the app's clock may be behind. */
const RUN_MS = 15 * 60_000;
const BEFORE_MS = 60_000;
const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const DAYS = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';

/** ISO 8601, HTTP dates, `Date.prototype.toString`, and the form of `toLocaleString` in the USA. */
const WRITTEN = new RegExp(
  [
    String.raw`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?`,
    String.raw`\b(?:${DAYS}), \d\d (?:${MONTHS}) \d{4} \d\d:\d\d:\d\d GMT`,
    String.raw`\b(?:${DAYS}) (?:${MONTHS}) \d\d \d{4} \d\d:\d\d:\d\d(?: GMT[+-]\d{4})?(?: \([^)\n]*\))?`,
    String.raw`\b\d{1,2}/\d{1,2}/\d{4},? \d{1,2}:\d\d(?::\d\d)?(?:\s?[AP]M)?`,
  ].join('|'),
  'g',
);
/** Seconds or milliseconds since 1970, for the years 2001 to 2286. */
const EPOCH = /(?<![\w.-])\d{10}(?:\d{3})?(?![\w-])/g;
const TIME_OF_DAY = /(?<![\w:.])\d{1,2}:\d\d:\d\d(?:\.\d+)?(?:\s[AP]M\b)?(?![\w:])/g;
const MEASURED = /(?<![\w.])\d+(?:\.\d+)?(?=\s?(?:ms|µs)\b)/g;

export const CLOCK = '‹time›';

/** The text without the times of a clock around `nowMs`, and without durations in ms. */
export function withoutClock(text: string, nowMs: number): string {
  return text
    .replace(WRITTEN, (found) =>
      isClock(Date.parse(found.replace(',', '.').replace(/^(\w{3})\. /, '$1, ')), nowMs) ? CLOCK : found,
    )
    .replace(EPOCH, (found) => (isClockNumber(Number(found), nowMs) ? CLOCK : found))
    .replace(TIME_OF_DAY, (found) => (isTimeOfDay(found, nowMs) ? CLOCK : found))
    .replace(MEASURED, CLOCK);
}

/** Whether a number is a time of a clock around `nowMs`, in seconds or in milliseconds since 1970. */
export function isClockNumber(value: number, nowMs: number): boolean {
  const isEpoch = Number.isInteger(value) && value > 1e9;
  return isEpoch && (isClock(value, nowMs) || isClock(value * 1000, nowMs));
}

/** Near the run, or whole days away from it, as an expiry is. */
function isClock(timeMs: number, nowMs: number): boolean {
  const days = Math.abs(timeMs - nowMs) / DAY_MS;
  return days <= 1 || (days <= MAX_DAYS && isWithinRun(timeMs - nowMs));
}

/** Whether a difference to the start of the run is one within the run, give or take whole days. */
function isWithinRun(differenceMs: number): boolean {
  const ofDay = ((differenceMs % DAY_MS) + DAY_MS) % DAY_MS;
  return ofDay <= RUN_MS || ofDay >= DAY_MS - BEFORE_MS;
}

/** `10:20:30`, of this computer's time zone or of UTC. */
function isTimeOfDay(found: string, nowMs: number): boolean {
  const [, hours, minutes, seconds, half] = /^(\d+):(\d\d):(\d\d)(?:\.\d+)?\s?([AP]M)?/.exec(found)!;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'PM' ? 12 : 0);
  const timeMs = ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  const zoneMs = new Date(nowMs).getTimezoneOffset() * 60_000;
  return [nowMs, nowMs - zoneMs].some((clockMs) => isWithinRun(timeMs - (clockMs % DAY_MS)));
}

/** Names of members that are measured times: they are longer whenever a request is held. */
const MEASURES =
  /^(?:elapsed|took|latency|uptime|(?:response|processing|execution|query|request|elapsed)_?time)(?:_?(?:ms|millis(?:econds)?|s|secs?|seconds|us|ns))?$|^(?:duration|time)_?(?:ms|millis(?:econds)?)$|^ms$/i;

/** Whether a member of this name is a measured time. */
export function isMeasure(name: string): boolean {
  return MEASURES.test(name);
}
