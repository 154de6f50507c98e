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

/** The largest step between two runs of one order that state is taken to make. */
const MAX_STEP = 64;
/** So many numbers in a row grow by chance once in 60. */
const MANY = 5;
/** Fewer are enough if they grow by the same step each time, as they do if the same requests are sent. */
const FEW = 3;

/**
 * Whether a number grows, or shrinks, from run to run: state that nothing restores between the runs.
 *
 * @param rows of each serial order, its runs
 * @param series of all runs, in the order in which they ran
 */
export function drifts(rows: ReadonlyArray<readonly number[]>, series: readonly number[]): boolean {
  const steps = rows.flatMap(stepsOf);
  const all = [...steps, ...stepsOf(series)];
  const isOneWay = all.every((step) => Number.isInteger(step) && step !== 0 && step > 0 === all[0]! > 0);
  if (!isOneWay || steps.some((step) => Math.abs(step) > MAX_STEP)) return false;
  const isRegular = steps.length > 1 && steps.every((step) => step === steps[0]);
  return series.length >= (isRegular ? FEW : MANY);
}

function stepsOf(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - values[index]!);
}

/**
 * Whether numbers come from a sequence that goes on from run to run: those of one run lie apart from those of any other.
 * In two runs they do so by chance too often.
 */
export function isSequence(runs: ReadonlyArray<readonly number[]>): boolean {
  const ranges = runs.map((run) => [Math.min(...run), Math.max(...run)] as const).sort(([a], [b]) => a - b);
  const isShort = ranges.every(([low, high]) => Number.isInteger(low) && high - low <= MAX_STEP);
  return (
    runs.length >= FEW &&
    isShort &&
    ranges.every(([low], index) => index === 0 || ranges[index - 1]![1] < low)
  );
}

/** Whether a text looks random: an id, a token, a hash; no word of a language. */
export function looksRandom(text: string): boolean {
  return /\d/.test(text) || text.length >= 16 || /^[a-z]+[A-Z][a-z]*[A-Z]/.test(text);
}
