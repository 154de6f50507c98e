/**
 * Which schedules are tried. One pause at each boundary of each request finds the common races: "hold request r at its
 * k-th boundary until the others have answered". After that, seeded ones with more pauses (PCT, ASPLOS'10). Pure.
 */
import type { Boundary, BoundaryKind, Pause, Schedule } from '../types.ts';

/** The boundaries that are most often between a read and its write come first. */
const PROMISING: Readonly<Record<BoundaryKind, number>> = {
  query: 0,
  await: 1,
  callback: 1,
  sync: 1,
  io: 2,
  headers: 3,
  body: 3,
};

export interface Place {
  topology: Schedule['topology'];
  warm: boolean;
}

/**
 * @param passed the boundaries that each request of the group was seen to pass
 * @param keys equal numbers are interchangeable copies: one of them is held
 */
export function singlePauses(
  place: Place,
  passed: ReadonlyArray<readonly Boundary[]>,
  keys: readonly number[],
): Schedule[] {
  const all = passed.flatMap((boundaries, request) =>
    keys.indexOf(keys[request]!) === request
      ? distinctSites(boundaries).map((site) => ({ request, ...site }))
      : [],
  );
  const sorted = [...all].sort((a, b) => PROMISING[a.kind] - PROMISING[b.kind]);
  return sorted.map((pause) => ({ ...place, free: false, pauses: [pause] }));
}

/** The free forms of these: the others start at the same time. */
export function freeForms(schedules: readonly Schedule[]): Schedule[] {
  return schedules.map((schedule) => ({ ...schedule, free: true }));
}

/** Two or three pauses at random places, each schedule once; ever new ones. */
export function* severalPauses(
  place: Place,
  passed: ReadonlyArray<readonly Boundary[]>,
  random: () => number,
): Generator<Schedule> {
  const sites = passed.map(distinctSites);
  const held = sites.map((_sites, request) => request).filter((request) => sites[request]!.length > 0);
  if (held.length === 0) return;
  const seen = new Set<string>();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let tries = 0; tries < 40; tries += 1) {
    const count = 2 + Math.floor(random() * 2);
    const pauses: Pause[] = [];
    for (let at = 0; at < count; at += 1) {
      const request = pick(held);
      pauses.push({ request, ...pick(sites[request]!) });
    }
    const ordered = inOrder(pauses, sites);
    const key = JSON.stringify(ordered);
    if (seen.has(key) || ordered.length < 2) continue;
    seen.add(key);
    tries = 0;
    yield { ...place, free: false, pauses: ordered };
  }
}

/** The boundaries of a request, each once, in the order of their first appearance. */
export function distinctSites(boundaries: readonly Boundary[]): Array<Omit<Pause, 'request'>> {
  const found = new Map<string, Omit<Pause, 'request'>>();
  for (const [at, { kind, fn, file, occurrence }] of boundaries.entries()) {
    // After the head of the answer nothing may come.
    if (kind === 'headers' && at === boundaries.length - 1) continue;
    const key = `${kind}:${fn}:${file}:${occurrence}`;
    if (!found.has(key)) found.set(key, { kind, fn, file, occurrence });
  }
  return [...found.values()];
}

/** The pauses of one request in the order in which it reaches them; the first appearance of each request decides. */
function inOrder(
  pauses: readonly Pause[],
  sites: ReadonlyArray<ReadonlyArray<Omit<Pause, 'request'>>>,
): Pause[] {
  const rank = ({ request, ...site }: Pause): number =>
    sites[request]!.findIndex((other) => JSON.stringify(other) === JSON.stringify(site));
  const requests = [...new Set(pauses.map(({ request }) => request))];
  return requests.flatMap((request) => {
    const own = pauses.filter((pause) => pause.request === request);
    const once = own.filter((pause, at) => own.findIndex((other) => rank(other) === rank(pause)) === at);
    return once.sort((a, b) => rank(a) - rank(b));
  });
}
