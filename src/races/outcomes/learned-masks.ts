/**
 * What is not compared because it differed between runs of one serial order.
 *
 * A masked value keeps its JSON type: where serial orders always have some text, `null` is still a difference. Masked
 * values are not renamed by first occurrence (`#1`, `#2`), which would keep who refers to whom: values that are equal by
 * chance (a second, a small number) and lists that are sorted by a random id would then differ from run to run, and a
 * finder that cries wolf is switched off. Instead one relation is held where it never failed: *all different*. See
 * {@link LearnedMasks.different}.
 */
import type { Body, Comparable } from './comparable.ts';
import { familiesOf } from './families.ts';
import { isObject, type Json, type JsonType, memberPath, typeOf } from './json.ts';
import { sortedByText } from './json-differences.ts';
import type { RequestKey } from './scene.ts';
import type { Spans } from './spans.ts';

/** What is masked at a path. */
export interface PathMask {
  /** Other types are compared. */
  types: ReadonlySet<JsonType>;
  /** Only these spans of a text; undefined: the whole value. */
  spans: Spans | undefined;
}

/** What is masked in the answers of one request. */
export interface RequestMasks {
  location: Spans | 'whole';
  text: Spans;
  paths: ReadonlyMap<string, PathMask>;
  /** Paths of lists that are compared without their order. */
  unordered: ReadonlySet<string>;
  /** Paths of objects that are compared as lists of their values, without names and order. */
  keyed: ReadonlySet<string>;
}

/** Gets each masked value, of a list its length, once for each family that it belongs to. */
export type OnMasked = (family: string, value: string) => void;

export class LearnedMasks {
  /** Families in which no two values of one run were ever equal: equal ones are a difference. */
  readonly different: ReadonlySet<string>;
  /** For a person. */
  readonly listed: readonly string[];
  #requests: ReadonlyMap<RequestKey, RequestMasks>;

  constructor(
    requests: ReadonlyMap<RequestKey, RequestMasks>,
    different: ReadonlySet<string> = new Set(),
    listed: readonly string[] = [],
  ) {
    this.#requests = requests;
    this.different = different;
    this.listed = listed;
  }

  apply(key: RequestKey, answer: Comparable, onMasked?: OnMasked): Comparable {
    const masks = this.#requests.get(key);
    if (masks === undefined) return answer;
    const tell = (path: string, value: string): void => {
      for (const family of familiesOf(key, path)) onMasked?.(family, value);
    };
    return {
      ...answer,
      location: maskedLocation(answer.location, masks, tell),
      body: maskedBody(answer.body, masks, tell),
    };
  }
}

/** What a masked value is shown as. */
function symbolOf(type: JsonType): string {
  return `‹${type}›`;
}

function maskedLocation(
  location: string | undefined,
  masks: RequestMasks,
  tell: OnMasked,
): string | undefined {
  if (location === undefined) return undefined;
  if (masks.location === 'whole') return symbolOf('string');
  return masks.location.apply(location, (value, span) => tell(`header Location ${span}`, value));
}

function maskedBody(body: Body, masks: RequestMasks, tell: OnMasked): Body {
  if (body.kind === 'text')
    return { kind: 'text', text: masks.text.apply(body.text, (value, span) => tell(`text ${span}`, value)) };
  if (body.kind !== 'json') return body;
  return { kind: 'json', value: maskedJson(body.value, '$', masks, tell) ?? symbolOf('missing') };
}

/** Undefined for a member that may as well be missing. */
function maskedJson(value: Json, path: string, masks: RequestMasks, tell: OnMasked): Json | undefined {
  const mask = masks.paths.get(path);
  if (mask?.types.has(typeOf(value))) {
    if (typeof value === 'string' && mask.spans !== undefined)
      return mask.spans.apply(value, (unit, span) => tell(`${path} ${span}`, unit));
    if (Array.isArray(value)) tell(path, String(value.length));
    else if (typeof value === 'string' || typeof value === 'number') tell(path, String(value));
    return mask.types.has('missing') ? undefined : symbolOf(mask.types.size > 1 ? 'missing' : typeOf(value));
  }
  if (isObject(value) && masks.keyed.has(path))
    return sortedByText(
      Object.values(value).map(
        (member) => maskedJson(member, `${path}[*]`, masks, tell) ?? symbolOf('missing'),
      ),
    );
  if (Array.isArray(value)) {
    const list = value.map(
      (element) => maskedJson(element, `${path}[*]`, masks, tell) ?? symbolOf('missing'),
    );
    return masks.unordered.has(path) ? sortedByText(list) : list;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    maskedJson(member, memberPath(path, name), masks, tell),
  ]);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined)) as Json;
}
