/**
 * Which spans of a text differ between runs that should be equal.
 *
 * A text is cut into *units* at white space, quotes and brackets; URLs also at `/`, `?`, `&` and the like. What
 * stands between the units is the text's *signature*. Two texts with one signature are compared unit by unit, so a mask is
 * the place of a unit in texts of one signature. A trial's text that is to equal a serial order's has that order's
 * signature: no context or expression has to be guessed, and a mask can't reach into texts of another form.
 */
import { createHash } from 'node:crypto';
import { looksRandom } from './mask-names.ts';

interface Cut {
  signature: string;
  units: string[];
}

const BETWEEN = /[\s"'<>;|()[\]{}]/;
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
  /** Its place in rows of a form, if it stands in one, and the row had this form in all texts. */
  row: string | undefined;
}

/** How texts that should be equal differ; undefined if not only in units. */
export function spanDifferences(texts: readonly string[]): SpanDifference[] | undefined {
  if (texts.every((text) => text === texts[0])) return [];
  const cuts = texts.map((text) => cut(text, BETWEEN));
  const rows = cuts.map(rowNames);
  return unitDifferences(cuts)?.flatMap(({ form, place, values }) => {
    const name = rows[0]![place];
    const row = rows.every((names) => names[place] === name) ? name : undefined;
    const isUrl = values.every((value) => URL_LIKE.test(value));
    const inner = isUrl ? unitDifferences(values.map((value) => cut(value, BETWEEN_IN_URL))) : undefined;
    const parts: ReadonlyArray<UnitDifference | undefined> = inner ?? [undefined];
    return parts.map((part) => ({
      ...{ form, place, row },
      values: part?.values ?? values,
      inner: part,
    }));
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

/** The tags of what is repeated in a page. */
const ROW_TAG = /^(?:tr|li|option)$/i;

/**
 * Names each unit of a row of a page, or of a line of a text without markup, by what stays of the row and its place there:
 * equal for all rows of a form, however many there are. Units in no row have none, nor do those of a row without any word:
 * it says nothing of what it is.
 */
function rowNames({ signature, units }: Cut): Array<string | undefined> {
  const separators = signature.split(UNIT);
  const isMarkup = signature.includes('<');
  const starts = (place: number): boolean =>
    isMarkup
      ? separators[place] === '<' && ROW_TAG.test(units[place]!)
      : place === 0 || separators[place] === '\n';
  const ends = (place: number): boolean => isMarkup && ROW_TAG.test(units[place]!.replace('/', ''));
  const names: Array<string | undefined> = units.map(() => undefined);
  for (let start = 0; start < units.length; start++) {
    if (!starts(start)) continue;
    let end = start + 1;
    while (end < units.length && !starts(end) && !ends(end)) end++;
    const row = units.slice(start, end);
    if (row.every((unit) => unit === '' || looksRandom(unit))) continue;
    const words = row.map((unit, at) => `${separators[start + at]!}${looksRandom(unit) ? UNIT : unit}`);
    const form = hash(words.join(''));
    for (let place = start; place < end; place++) names[place] = `${form}:${place - start}`;
  }
  return names;
}

/** What a masked span is replaced by. */
const SPAN = '‹…›';

/** The places of masked units. */
export class Spans {
  #rows = new Set<string>();
  #places = new Set<string>();

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  add(place: Place): void {
    this.#places.add(placeName(place));
    if (place.row !== undefined) this.#rows.add(spanName(place));
  }

  /**
   * Masks in texts of this one's form also what stands in its rows. The form of a row is known by its words, and a random
   * value may look like a word.
   */
  spreadTo(text: string): void {
    const outer = cut(text, BETWEEN);
    const form = hash(outer.signature);
    for (const [place, row] of rowNames(outer).entries())
      if (row !== undefined && this.#rows.has(row))
        this.#places.add(placeName({ form, place, inner: undefined }));
  }

  /** The text with masked spans replaced. The callback gets what stood in each, and which one it is. */
  apply(text: string, onMasked?: (value: string, span: string) => void): string {
    if (this.isEmpty) return text;
    const outer = cut(text, BETWEEN);
    const form = hash(outer.signature);
    const rows = rowNames(outer);
    const masked = (unit: string, place: Place): string | undefined => {
      const name = spanName(place);
      if (!this.#rows.has(name) && !this.#places.has(placeName(place))) return undefined;
      onMasked?.(unit, name);
      return SPAN;
    };
    const units = outer.units.map((unit, place) => {
      const whole = masked(unit, { form, place, row: rows[place], inner: undefined });
      if (whole !== undefined || !URL_LIKE.test(unit)) return whole ?? unit;
      const inner = cut(unit, BETWEEN_IN_URL);
      const innerForm = hash(inner.signature);
      const parts = inner.units.map((part, at) =>
        masked(part, { form, place, row: rows[place], inner: { form: innerForm, place: at } }),
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

/** One name for one span, without blanks. Spans at one place of rows of a form have one. */
export function spanName(place: Place): string {
  return place.row === undefined ? placeName(place) : `${place.row}${innerName(place)}`;
}

function placeName(place: Omit<Place, 'row'>): string {
  return `${place.form}:${place.place}${innerName(place)}`;
}

function innerName({ inner }: Pick<Place, 'inner'>): string {
  return inner === undefined ? '' : `/${inner.form}:${inner.place}`;
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

/** What two texts of one signature show where they differ, for a person. Empty if they are equal; undefined if they have two. */
export function shownDifferences(from: string, to: string): Array<[from: string, to: string]> | undefined {
  const places = spanDifferences([from, to])?.map(({ place }) => place);
  return places && [...new Set(places)].map((place) => [shownAt(from, place), shownAt(to, place)]);
}

/** A unit among the words around it: `Balance: 5 EUR` for the 5. Only the unit if it stands within a tag. */
function shownAt(text: string, place: number): string {
  const { units, signature } = cut(text, BETWEEN);
  const separators = signature.split(UNIT);
  const before = units
    .slice(0, place)
    .map((unit, index) => `${separators[index]!}${unit}`)
    .concat(separators[place]!)
    .join('');
  const unit = units[place]!;
  if (before.lastIndexOf('<') > before.lastIndexOf('>')) return unit;
  const words = before.slice(before.lastIndexOf('\n') + 1).split(/<[^>]*>/);
  const own = words.at(-1)!.trimStart();
  const label = own === '' ? (words.findLast((word) => word.trim() !== '') ?? '') : own;
  const rest = text.slice(before.length + unit.length).split(/[<\n]/, 1)[0]!;
  const start = label.length > 24 ? label.slice(-24).replace(/^\S*\s/, '') : label;
  return `${start}${own === '' && label !== '' && !/\s$/.test(label) ? ' ' : ''}${unit}${rest.slice(0, 12)}`
    .replace(/\s+/g, ' ')
    .trim();
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
