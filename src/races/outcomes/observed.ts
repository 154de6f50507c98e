/** What runs of the serial orders showed in the answers of one request, and the masks that follow. */
import type { Comparable } from './comparable.ts';
import { clockPaths, sortedLists } from './from-all-bodies.ts';
import type { Json } from './json.ts';
import { JsonDifferences } from './json-differences.ts';
import type { PathMask, RequestMasks } from './learned-masks.ts';
import { looksRandom } from './mask-names.ts';
import { type RequestKey, type Scene, titleOf } from './scene.ts';
import { type SpanDifference, Spans, spanDifferences, spanInContext, spanName, wordBefore } from './spans.ts';

interface TextSpan extends SpanDifference {
  /** A text in which it stands. */
  sample: string;
}

export class Observed {
  #json = new JsonDifferences();
  #text = new Map<string, TextSpan[]>();
  #texts = new Set<string>();
  #location: TextSpan[] = [];
  #isLocationWhole = false;
  #bodies: Json[] = [];

  /** Answers that should be equal, in the order of the runs. */
  add(answers: readonly Comparable[]): void {
    const bodies = answers.map(({ body }) => body);
    const values = bodies.flatMap((body) => (body.kind === 'json' ? [body.value] : []));
    const texts = bodies.flatMap((body) => (body.kind === 'text' ? [body.text] : []));
    if (values.length === bodies.length) this.#json.add(values);
    if (texts.length === bodies.length)
      for (const span of spanDifferences(texts) ?? []) {
        const name = `text ${spanName(span)}`;
        this.#text.set(name, [...(this.#text.get(name) ?? []), { ...span, sample: texts[0]! }]);
      }
    this.#bodies.push(...values);
    for (const one of texts) this.#texts.add(one);
    const locations = answers.flatMap(({ location }) => (location === undefined ? [] : [location]));
    const spans = locations.length === answers.length ? spanDifferences(locations) : [];
    if (spans === undefined) this.#isLocationWhole = true;
    else this.#location.push(...spans.map((span) => ({ ...span, sample: locations[0]! })));
  }

  /** What only all answers together show. */
  addFromAll(): void {
    const paths = clockPaths(this.#bodies).filter(([path]) => !this.#json.paths.has(path));
    for (const [path, values] of paths) this.#json.add(values, path);
    const masked = [...this.#json.paths].filter(([, { types }]) => types.has('string')).map(([path]) => path);
    for (const path of sortedLists(this.#bodies, masked)) this.#json.unordered.add(path);
  }

  /** Whole numbers that should have been equal, in the order of the runs, by path or span. Lengths of lists as well. */
  sequences(): Map<string, number[][]> {
    const found = new Map<string, number[][]>();
    for (const [path, { rows }] of this.#json.paths) {
      const numbers = rows.map((row) =>
        row.map((value) =>
          Array.isArray(value) ? value.length : typeof value === 'number' ? value : Number.NaN,
        ),
      );
      found.set(path, numbers);
    }
    for (const [name, spans] of this.#text)
      found.set(
        name,
        spans.map(({ values }) =>
          values.map((value) => (/^-?\d+$/.test(value) ? Number(value) : Number.NaN)),
        ),
      );
    return found;
  }

  /** What names a span of a text: the word before it, or `id` in the path of a URL. Undefined for a path of JSON. */
  contextOf(family: string): string | undefined {
    const span = this.#text.get(family)?.[0];
    if (span === undefined) return undefined;
    return span.inner === undefined ? wordBefore(span.sample, span.place).toLowerCase() : 'id';
  }

  /** @param without paths and spans that are compared although they differed */
  masks(without: ReadonlySet<string>): RequestMasks {
    const location = new Spans();
    for (const span of this.#location) location.add(span);
    const text = new Spans();
    for (const [name, spans] of this.#text) if (!without.has(name)) for (const span of spans) text.add(span);
    for (const one of this.#texts) text.spreadTo(one);
    const paths = [...this.#json.paths].filter(([path]) => !without.has(path));
    return {
      location: this.#isLocationWhole ? 'whole' : location,
      text,
      paths: new Map(
        paths.map(([path, { types, rows }]): [string, PathMask] => [path, { types, spans: spansOf(rows) }]),
      ),
      unordered: this.#json.unordered,
      keyed: this.#json.keyed,
    };
  }

  /** The masks for a person: `POST /orders: $.id (all different)`. */
  list(
    scene: Scene,
    key: RequestKey,
    without: ReadonlySet<string>,
    different: ReadonlySet<string>,
  ): string[] {
    const title = titleOf(scene, key);
    const isDifferent = (start: string): boolean =>
      [...different].some((family) => family.startsWith(`${key} ${start}`));
    const line = (name: string, start: string): string =>
      `${title}: ${name}${isDifferent(start) ? ' (all different)' : ''}`;
    const hasLocation = this.#isLocationWhole || this.#location.length > 0;
    return [
      ...(hasLocation ? [line('header Location', 'header Location ')] : []),
      ...[...this.#json.paths.keys()]
        .filter((path) => !without.has(path))
        .map((path) => line(path, different.has(`${key} ${path}`) ? path : `${path} `)),
      ...[...this.#json.unordered].map((path) => `${title}: order of ${path}`),
      ...[...this.#json.keyed].map((path) => `${title}: names in ${path}`),
      ...[...this.#text]
        .filter(([name]) => !without.has(name))
        .map(([name, [span]]) => line(`text "${spanInContext(span!.sample, span!.place)}"`, name)),
    ];
  }
}

/** Spans if only random ones differ in texts of one form; else the whole value is masked. */
function spansOf(rows: ReadonlyArray<ReadonlyArray<Json | undefined>>): Spans | undefined {
  const spans = new Spans();
  for (const row of rows) {
    if (!row.every((value) => typeof value === 'string')) return undefined;
    const differences = spanDifferences(row);
    if (differences === undefined || !differences.every(({ values }) => values.every(looksRandom)))
      return undefined;
    for (const difference of differences) spans.add(difference);
  }
  return spans;
}
