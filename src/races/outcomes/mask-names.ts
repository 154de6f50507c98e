/** What the name and the values of something that differs say about it. */

/** Names of what identifies something, as the last word of a name: `id`, `orderId`, `order_no`. */
const IDENTIFIER =
  /(?:^|[_-])(?:id|ids|uid|uuid|guid|key|no|nr|number|seq|sequence|ref|reference|code|token|order|ticket|invoice|receipt)$|(?:Id|ID|Uuid|UUID|Key|No|Nr|Number|Seq|Ref|Code|Token)$/;

export function namesIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

const CLOCK_NAME =
  /(?:^|_)(?:at|time|date|ts|timestamp|age|expires?|exp|iat|duration|ttl|pid|port|rss|heap|memory|cpu|load)(?:_|$)|(?:At|Time|Date|Timestamp|Age|Expires?|Duration|Ms|Ttl|Pid|Port)$|^heap|^(?:resident|virtual)/;

/** Names of what a clock or the process gives: it differs, and may by chance be equal in two requests. */
export function namesMeasurement(name: string): boolean {
  return CLOCK_NAME.test(name);
}

const WRITTEN_TIME = /^\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|^‹time›$/;

/** Whether a value is a date or a time, as text or as a number of seconds or ms since about 2001. */
export function isTime(value: string): boolean {
  return WRITTEN_TIME.test(value) || /^1\d{9}(?:\d{3})?(?:\.\d+)?$/.test(value);
}

/** The largest step between two runs that a counter of requests is taken to make. */
const MAX_STEP = 64;

/**
 * Whether numbers grow, or shrink, from run to run of one serial order: state that nothing restores between the runs. Each
 * sequence is in the order of the runs. One step is no evidence: half of all random pairs grow.
 */
export function drifts(sequences: ReadonlyArray<ReadonlyArray<number>>): boolean {
  const steps = sequences.flatMap((values) => values.slice(1).map((value, index) => value - values[index]!));
  const isSmall = steps.every((step) => Number.isInteger(step) && step !== 0 && Math.abs(step) <= MAX_STEP);
  return steps.length >= 2 && isSmall && steps.every((step) => step > 0 === steps[0]! > 0);
}

/** Whether a text looks random: an id, a token, a hash; no word of a language. */
export function looksRandom(text: string): boolean {
  return /\d/.test(text) || text.length >= 16 || /^[a-z]+[A-Z][a-z]*[A-Z]/.test(text);
}
