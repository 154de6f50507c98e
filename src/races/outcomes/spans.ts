/**
 * Which spans of a text differ between runs that should be equal.
 *
 * A text is cut into *units* at white space, quotes and angle brackets; URLs also at `/`, `?`, `&` and the like. What
 * stands between the units is the text's *signature*. Two texts with one signature are compared unit by unit, so a mask is
 * the place of a unit in texts of one signature. A trial's text that is to equal a serial order's has that order's
 * signature: no context or expression has to be guessed, and a mask can't reach into texts of another form.
 */

interface Cut {
  signature: string;
  units: string[];
}

const BETWEEN = /[\s"'<>]/;
const BETWEEN_IN_URL = /[\s"'<>/?&=#;,:]/;
const URL_LIKE = /^(?:https?:\/\/[^/]+)?\/[\w.~%-]*(?:[/?]|$)|^[\w.~%/-]*\?\w+=/;
/** Stands for a unit in a signature; it is no character of any separator. */
const UNIT = '\u0000';

function cutAt(text: string, between: RegExp): Cut {
  const parts = text.split(new RegExp(`(${between.source})`));
  return {
    units: parts.filter((_, index) => index % 2 === 0),
    signature: parts.map((part, index) => (index % 2 === 0 ? UNIT : part)).join(''),
  };
}

/**
 * Cuts a text. Only words that look like a URL are cut further: a random token in base 64 may have a `/` in one run and
 * none in the next.
 */
function cut(text: string): Cut {
  const outer = cutAt(text, BETWEEN);
  const inner = outer.units.map((unit) => (URL_LIKE.test(unit) ? cutAt(unit, BETWEEN_IN_URL) : undefined));
  if (inner.every((one) => one === undefined)) return outer;
  const separators = [...outer.signature.split(UNIT).slice(1)];
  return {
    units: outer.units.flatMap((unit, index) => inner[index]?.units ?? [unit]),
    signature: outer.units.map((_, index) => `${inner[index]?.signature ?? UNIT}${separators[index]!}`).join(''),
  };
}

/** A span that differed: its place among the units of texts of a signature, and what stood there, run by run. */
export interface SpanDifference {
  signature: string;
  place: number;
  values: string[];
}

/** How texts that should be equal differ; undefined if not only in units. */
export function spanDifferences(texts: readonly string[]): SpanDifference[] | undefined {
  if (texts.every((text) => text === texts[0])) return [];
  const cuts = texts.map(cut);
  const { signature, units } = cuts[0]!;
  if (cuts.some((other) => other.signature !== signature)) return undefined;
  return units
    .map((_, place) => ({ signature, place, values: cuts.map((other) => other.units[place]!) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

/** What a masked span is replaced by. */
export const SPAN = '‹…›';

/** The places of masked units, by signature. */
export class Spans {
  #places = new Map<string, Set<number>>();

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  add({ signature, place }: Pick<SpanDifference, 'signature' | 'place'>): void {
    const places = this.#places.get(signature) ?? new Set();
    this.#places.set(signature, places.add(place));
  }

  /** The text with masked spans replaced. The callback gets what stood in each, and which one it is. */
  apply(text: string, onMasked?: (value: string, span: string) => void): string {
    if (this.isEmpty) return text;
    const { signature, units } = cut(text);
    const places = this.#places.get(signature);
    if (places === undefined) return text;
    const separators = signature.split(UNIT);
    const left = units.map((unit, place) => {
      if (!places.has(place)) return unit;
      onMasked?.(unit, spanName({ signature, place }));
      return SPAN;
    });
    return `${separators[0]!}${left.map((unit, place) => `${unit}${separators[place + 1]!}`).join('')}`;
  }
}

/** One name for the same span. The signature is short enough only as a number. */
export function spanName({ signature, place }: Pick<SpanDifference, 'signature' | 'place'>): string {
  let hash = 0;
  for (let at = 0; at < signature.length; at++) hash = (Math.imul(hash, 31) + signature.charCodeAt(at)) | 0;
  return `${hash >>> 0}:${place}`;
}

/** The words around a unit and the unit itself, for a person: `value="8f3a…"`. */
export function spanInContext(text: string, place: number): string {
  const { units, signature } = cut(text);
  const separators = signature.split(UNIT);
  const before = place > 0 ? `${units[place - 1]!}${separators[place]!}` : '';
  const unit = units[place]!;
  return `${before.slice(-24)}${unit.length > 16 ? `${unit.slice(0, 12)}…` : unit}`.replace(/\s+/g, ' ').trim();
}

/** The units and what they differ in, if two texts have one signature. Empty if they are equal. */
export function differingUnits(from: string, to: string): Array<[from: string, to: string]> | undefined {
  return spanDifferences([from, to])?.map(({ values }) => [values[0]!, values[1]!]);
}

/** The word before a unit, tags left out: `Order` in `<p>Order <b>17</b>`. Empty if there is none. */
export function wordBefore(text: string, place: number): string {
  const { units, signature } = cut(text);
  const separators = signature.split(UNIT);
  const before = units.slice(0, place).map((unit, index) => `${unit}${separators[index + 1]!}`);
  const words = before.join('').replace(/<[^>]*>/g, ' ').trim();
  return /(\w+)[^\w]*$/.exec(words)?.[1] ?? '';
}
