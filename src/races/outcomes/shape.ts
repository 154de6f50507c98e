/** The shape of a difference: which requests differ in what, without the values. */
import type { Difference } from './difference.ts';
import type { Scene } from './scene.ts';

/**
 * Equal for differences with one cause: titles, statuses, and paths without indexes. Which of several copies it is does not
 * matter, nor how many of them differ in the same way.
 */
export function shapeOf(scene: Scene, found: readonly Difference[]): string {
  return [...new Set(found.map((difference) => partOf(scene, difference)))].sort().join('; ');
}

function partOf({ group, probes }: Scene, difference: Difference): string {
  if (difference.of === 'outcome')
    return difference.what === 'repeat'
      ? `${difference.titles.join(' and ')} repeats ${difference.name}`
      : 'death';
  const { title } = (difference.of === 'group' ? group : probes)[difference.index]!;
  const who = `${difference.of} ${title}`;
  if (difference.what === 'answer') return `${who} ${difference.from} → ${difference.to}`;
  const path = 'path' in difference ? (difference.path ?? '') : '';
  return `${who} ${difference.what} ${path.replace(/\[\d+\]/g, '[*]')}`;
}
