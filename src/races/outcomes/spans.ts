/**
 * Which spans of a text differ between runs that should be equal.
 *
 * A text is cut into *units* at white space, quotes and angle brackets; URLs also at `/`, `?`, `&` and the like. What
 * stands between the units is the text's *signature*. Two texts with one signature are compared unit by unit, so a mask is
 * the place of a unit in texts of one signature. A trial's text that is to equal a serial order's has that order's
 * signature: no context or expression has to be guessed, and a mask can't reach into texts of another form.
 */
import { createHash } from 'node:crypto';

interface Cut {
  signature: string;
  units: string[];
}

const BETWEEN = /[\s"'<>]/;
const BETWEEN_IN_URL = /[\s"'<>/?&=#;,:]/;
/**
 * Only words that look like a URL are cut further: a random token in base 64 may have a `/` in one run and none in the
 * next.
 */
const URL_LIKE = /^(?:https?:\/\/[^/]+)?\/[\w.~%-]*(?:[/?]|$)|^[\w.~%/-]*\?\w+=/;
/** Stands for a unit in a signature; it is no character of any separator. */
const UNIT = '\u0000';

function cut(text: string, between: RegExp): Cut {
  const parts = text.split(new RegExp(`(${between.source})`));
  return {
    units: parts.filter((_, index) => index % 2 === 0),
    signature: parts.map((part, index) => (index % 2 === 0 ? UNIT : part)).join(''),
  };
}

/** A span that differed: its place among the units of texts of a signature, and what stood there, run by run. */
export interface SpanDifference extends Place {
  values: string[];
}

/** Where a unit stands. */
interface Place {
  /** Stands for the signature of its text. */
  form: string;
  place: number;
  /** Only this unit of a URL, if all that stood there are URLs of one form. */
  inner: { form: string; place: number } | undefined;
}

/** How texts that should be equal differ; undefined if not only in units. */
export function spanDifferences(texts: readonly string[]): SpanDifference[] | undefined {
  if (texts.every((text) => text === texts[0])) return [];
  const outer = unitDifferences(texts.map((text) => cut(text, BETWEEN)));
  return outer?.flatMap(({ form, place, values }) => {
    const isUrl = values.every((value) => URL_LIKE.test(value));
    const inner = isUrl ? unitDifferences(values.map((value) => cut(value, BETWEEN_IN_URL))) : undefined;
    const parts: ReadonlyArray<UnitDifference | undefined> = inner ?? [undefined];
    return parts.map((part) => ({ form, place, values: part?.values ?? values, inner: part }));
  });
}

interface UnitDifference {
  form: string;
  place: number;
  values: string[];
}

function unitDifferences(cuts: readonly Cut[]): UnitDifference[] | undefined {
  const { signature, units } = cuts[0]!;
  if (cuts.some((other) => other.signature !== signature)) return undefined;
  const form = hash(signature);
  return units
    .map((_, place) => ({ form, place, values: cuts.map((other) => other.units[place]!) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

/** What a masked span is replaced by. */
export const SPAN = '‹…›';

/** The places of masked units. */
export class Spans {
  #forms = new Set<string>();
  #names = new Set<string>();

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  add(place: Place): void {
    this.#forms.add(place.form);
    this.#names.add(spanName(place));
  }

  /** The text with masked spans replaced. The callback gets what stood in each, and which one it is. */
  apply(text: string, onMasked?: (value: string, span: string) => void): string {
    if (this.isEmpty) return text;
    const outer = cut(text, BETWEEN);
    const form = hash(outer.signature);
    if (!this.#forms.has(form)) return text;
    const masked = (unit: string, place: Place): string | undefined => {
      const name = spanName(place);
      if (!this.#names.has(name)) return undefined;
      onMasked?.(unit, name);
      return SPAN;
    };
    const units = outer.units.map((unit, place) => {
      const whole = masked(unit, { form, place, inner: undefined });
      if (whole !== undefined || !URL_LIKE.test(unit)) return whole ?? unit;
      const inner = cut(unit, BETWEEN_IN_URL);
      const innerForm = hash(inner.signature);
      const parts = inner.units.map((part, at) =>
        masked(part, { form, place, inner: { form: innerForm, place: at } }),
      );
      return joined(
        inner.signature,
        parts.map((part, at) => part ?? inner.units[at]!),
      );
    });
    return joined(outer.signature, units);
  }
}

function joined(signature: string, units: readonly string[]): string {
  const separators = signature.split(UNIT);
  return `${separators[0]!}${units.map((unit, place) => `${unit}${separators[place + 1]!}`).join('')}`;
}

/** One name for one span, without blanks. */
export function spanName({ form, place, inner }: Place): string {
  return `${form}:${place}${inner === undefined ? '' : `/${inner.form}:${inner.place}`}`;
}

/** The name of a span at the end of a longer one. */
export const SPAN_NAME = / [\w-]{12}:\d+(?:\/[\w-]{12}:\d+)?$/;

/** A signature may be as long as its text. */
function hash(signature: string): string {
  return createHash('sha1').update(signature).digest('base64url').slice(0, 12);
}

/** The words around a unit and the unit itself, for a person: `value="8f3a…"`. */
export function spanInContext(text: string, place: number): string {
  const { units, signature } = cut(text, BETWEEN);
  const separators = signature.split(UNIT);
  const before = place > 0 ? `${units[place - 1]!}${separators[place]!}` : '';
  const unit = units[place]!;
  return `${before.slice(-24)}${unit.length > 16 ? `${unit.slice(0, 12)}…` : unit}`
    .replace(/\s+/g, ' ')
    .trim();
}

/** The units and what they differ in, if two texts have one signature. Empty if they are equal. */
export function differingUnits(from: string, to: string): Array<[from: string, to: string]> | undefined {
  return spanDifferences([from, to])?.map(({ values }) => [values[0]!, values[1]!]);
}

/** The word before a unit, tags left out: `Order` in `<p>Order <b>17</b>`. Empty if there is none. */
export function wordBefore(text: string, place: number): string {
  const { units, signature } = cut(text, BETWEEN);
  const separators = signature.split(UNIT);
  const before = units.slice(0, place).map((unit, index) => `${unit}${separators[index + 1]!}`);
  const words = before
    .join('')
    .replace(/<[^>]*>/g, ' ')
    .trim();
  return /(\w+)[^\w]*$/.exec(words)?.[1] ?? '';
}
