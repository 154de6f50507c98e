/** What the outcomes of one group are outcomes of, and the order of its requests. */
import type { Mask } from '../scenario/types.ts';

/** A request of the group, or a probe. */
export interface Sent {
  /** Such as `POST /apply`, for a person. */
  title: string;
  /** The cookie jar; '' is the common one. */
  client: string;
  /** What is never compared: its own `# @mask` lines and the file's. */
  masks: readonly Mask[];
  /** Statuses that mean "turned away" for it: `# @busy`. */
  busy: readonly number[];
  /**
   * What tells this request from the others as it was sent: its target, its body, its `Authorization`. Used to see whose
   * data an answer contains. Empty if it is not known.
   */
  sentText: string;
}

export interface Scene {
  group: readonly Sent[];
  /** One per request of the group. Equal numbers are interchangeable copies. */
  groupKeys: readonly number[];
  probes: readonly Sent[];
  /**
   * The time of the serial orders, in ms since 1970. Times of day within a day of it come from a clock and are not
   * compared.
   */
  nowMs: number;
  /** The serial orders are a sample of all. */
  sampled?: boolean;
}

/** Which requests answer alike: copies in the group have one key; each probe has its own. */
export type RequestKey = `group ${number}` | `probe ${number}`;

export function groupKey(scene: Scene, index: number): RequestKey {
  return `group ${scene.groupKeys[index]!}`;
}

export function probeKey(index: number): RequestKey {
  return `probe ${index}`;
}

/** The title of the requests with this key. */
export function titleOf(scene: Scene, key: RequestKey): string {
  const [role, number] = key.split(' ') as [string, string];
  const index = role === 'probe' ? Number(number) : scene.groupKeys.indexOf(Number(number));
  return (role === 'probe' ? scene.probes : scene.group)[index]!.title;
}

/** The places in the group of the requests that are copies of each other, in the order of the group. */
export function copiesIn(groupKeys: readonly number[]): number[][] {
  const places = new Map<number, number[]>();
  for (const [index, key] of groupKeys.entries()) places.set(key, [...(places.get(key) ?? []), index]);
  return [...places.values()];
}

/** The scene in which only these requests of the group are sent. */
export function sceneOf(scene: Scene, subgroup: readonly number[]): Scene {
  return {
    ...scene,
    group: subgroup.map((index) => scene.group[index]!),
    groupKeys: subgroup.map((index) => scene.groupKeys[index]!),
  };
}
