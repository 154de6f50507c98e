/** An answer as it is compared: status, Location, names of cookies, body. Other headers are never compared. */
import { type Path, parsePath, pathMatches } from '../scenario/json-path.ts';
import type { Mask } from '../scenario/types.ts';
import type { Answer } from '../types.ts';
import { CLOCK, isClockNumber, isMeasure, withoutClock } from './clock-values.ts';
import { isObject, type Json, mapScalars, parseJson } from './json.ts';

export type Body =
  | { kind: 'json'; value: Json }
  | { kind: 'text'; text: string }
  /** `# @mask body` */
  | { kind: 'masked' };

export interface Comparable {
  /** 0 if there was no answer. */
  status: number;
  failure: Answer['failure'];
  /** Without the origin if that is a loopback address. */
  location: string | undefined;
  /** `sid`, `theme (deleted)`; sorted, each once. */
  cookies: readonly string[];
  body: Body;
}

/** What a masked value is replaced by. */
const MASKED = '‹masked›';

/** Applies the rules of the answer's request. `nowMs`: see {@link withoutClock}. */
export function comparable(answer: Answer, rules: readonly Mask[], nowMs: number): Comparable {
  const { status, failure } = answer;
  // An answer without an end is a failure; how much of it came is chance.
  const body: Body = failure === undefined ? bodyOf(answer, rules, nowMs) : { kind: 'masked' };
  return {
    status: failure === undefined || failure === 'cut' ? status : 0,
    failure,
    location: isHidden('location', rules) ? undefined : locationOf(answer, nowMs),
    cookies: isHidden('set-cookie', rules) ? [] : cookiesOf(answer, nowMs),
    body,
  };
}

export function headerOf({ headers }: Answer, name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

function isHidden(header: string, rules: readonly Mask[]): boolean {
  return rules.some((rule) => rule.kind === 'header' && rule.name.toLowerCase() === header);
}

const LOOPBACK = String.raw`(?:localhost|[\w.-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)`;
const OWN_ORIGIN = new RegExp(`^https?://${LOOPBACK}(?::\\d+)?(?=[/?#]|$)`, 'i');
const PORT = new RegExp(`\\b(https?://${LOOPBACK}):\\d+`, 'gi');

function locationOf(answer: Answer, nowMs: number): string | undefined {
  const written = headerOf(answer, 'location')?.trim();
  if (written === undefined) return undefined;
  const path = written.replace(OWN_ORIGIN, '');
  return withoutClock(path.startsWith('/') || path === written ? path : `/${path}`, nowMs);
}

function cookiesOf({ headers }: Answer, nowMs: number): string[] {
  const last = new Map<string, string>();
  for (const [header, value] of headers) {
    if (header.toLowerCase() !== 'set-cookie') continue;
    const name = value.split(/[=;]/, 1)[0]!.trim();
    last.set(name, isDeleted(value, nowMs) ? `${name} (deleted)` : name);
  }
  return [...last.values()].sort();
}

/** RFC 6265, 5.2: `Max-Age` wins over `Expires`. */
function isDeleted(cookie: string, nowMs: number): boolean {
  const maxAge = /;\s*max-age\s*=\s*(-?\d+)/i.exec(cookie)?.[1];
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = /;\s*expires\s*=\s*([^;]+)/i.exec(cookie)?.[1];
  return expires !== undefined && Date.parse(expires) < nowMs - 1000;
}

function bodyOf(answer: Answer, rules: readonly Mask[], nowMs: number): Body {
  if (rules.some(({ kind }) => kind === 'body')) return { kind: 'masked' };
  const patterns = rules.flatMap((rule) => (rule.kind === 'text' ? [rule.pattern] : []));
  const value = jsonOf(answer, patterns);
  if (value === undefined)
    return { kind: 'text', text: normalText(replaceAll(answer.body, patterns, MASKED), nowMs) };
  const paths = rules.flatMap((rule) => (rule.kind === 'path' ? [parsePath(rule.path)] : []));
  const left = paths.length === 0 ? value : withoutPaths(value, paths, []);
  return {
    kind: 'json',
    value: mapScalars(left ?? MASKED, (scalar, keys) => normalScalar(scalar, keys, nowMs)),
  };
}

/**
 * Patterns apply to the body as it came. What is left need not be JSON: a pattern may have taken a number, or a quote.
 * Then it is compared as text.
 */
function jsonOf(answer: Answer, patterns: readonly RegExp[]): Json | undefined {
  const type = headerOf(answer, 'content-type') ?? '';
  if (!/\bjson\b/i.test(type) && !/^\s*[[{]/.test(answer.body)) return undefined;
  if (patterns.length === 0) return parseJson(answer.body);
  return (
    parseJson(replaceAll(answer.body, patterns, MASKED)) ??
    parseJson(replaceAll(answer.body, patterns, `"${MASKED}"`))
  );
}

function replaceAll(text: string, patterns: readonly RegExp[], by: string): string {
  return patterns.reduce((left, pattern) => left.replace(pattern, () => by), text);
}

/** Undefined if the value itself is masked. A masked element of a list keeps its place. */
function withoutPaths(
  value: Json,
  paths: readonly Path[],
  keys: readonly (string | number)[],
): Json | undefined {
  if (paths.some((path) => pathMatches(path, keys))) return undefined;
  if (Array.isArray(value))
    return value.map((element, index) => withoutPaths(element, paths, [...keys, index]) ?? MASKED);
  if (!isObject(value)) return value;
  const left = Object.entries(value).map(([name, member]) => [
    name,
    withoutPaths(member, paths, [...keys, name]),
  ]);
  return Object.fromEntries(left.filter(([, member]) => member !== undefined)) as Json;
}

function normalScalar(scalar: Json, keys: readonly (string | number)[], nowMs: number): Json {
  if (typeof scalar === 'string') return normalText(scalar, nowMs);
  if (typeof scalar !== 'number') return scalar;
  const name = keys.findLast((key) => typeof key === 'string');
  return isClockNumber(scalar, nowMs) || (name !== undefined && isMeasure(String(name))) ? CLOCK : scalar;
}

/** The port of the server is another one in each run. */
function normalText(text: string, nowMs: number): string {
  return withoutClock(text.replace(PORT, '$1'), nowMs);
}
