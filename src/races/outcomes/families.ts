/**
 * Families of masked values: those at one path, or of one span, in the answers of one request or of all requests of the
 * group. A family's name is `group 0 $.id`, `probe 1 text SPAN`, `group * $.token`.
 */
import { type RequestKey, type Scene, titleOf } from './scene.ts';
import { SPAN_NAME } from './spans.ts';

/** The answers that a family is of: those of one request and its copies, or of the whole group. */
export type FamilyKey = RequestKey | 'group *';

/** The names of the families to which a value belongs. */
export function familiesOf(key: RequestKey, path: string): string[] {
  return [`${key} ${path}`, ...(key.startsWith('group ') ? [`group * ${path}`] : [])];
}

export function partsOf(family: string): { key: FamilyKey; path: string } {
  const [, key, path] = /^(\w+ (?:\d+|\*)) (.*)$/s.exec(family)!;
  return { key: key as FamilyKey, path: path! };
}

/** What a person calls it: the path, or what holds the span. */
export function placeName(path: string): string {
  return path.replace(SPAN_NAME, '');
}

/** The titles of the requests with this key. */
export function titlesOf(scene: Scene, key: FamilyKey): string[] {
  return key === 'group *' ? [...new Set(scene.group.map(({ title }) => title))] : [titleOf(scene, key)];
}
