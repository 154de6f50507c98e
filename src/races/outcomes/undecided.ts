/** Why runs of one serial order can't be made equal, and the line of the scenario that would help. */
import { type Difference, differences, linesOf } from './difference.ts';
import { placeName } from './families.ts';
import { formOf } from './form.ts';
import type { LearnedMasks } from './learned-masks.ts';
import { type RequestKey, type Scene, titleOf } from './scene.ts';
import type { SerialRun } from './serial-run.ts';

/**
 * @param rows runs that should have one outcome
 * @param drifted paths and spans that grow from run to run
 */
export function undecidedLines(
  scene: Scene,
  rows: ReadonlyArray<readonly SerialRun[]>,
  masks: LearnedMasks,
  drifted: ReadonlyMap<RequestKey, ReadonlySet<string>>,
): string[] {
  const found = rows.flatMap((row) => {
    const [first, ...others] = row.map((run) => formOf(scene, run.outcome, masks));
    const other = others.find(({ text }) => text !== first!.text);
    return other === undefined ? [] : [differences(scene, first!, other)];
  });
  const [differing] = found;
  if (differing === undefined) return [];
  const grows = [...drifted].flatMap(([key, names]) =>
    [...names].map(
      (name) => `${titleOf(scene, key)}: ${placeName(name)} changes from run to run of one serial order.`,
    ),
  );
  return [...linesOf(scene, differing), ...grows, help(scene, differing, grows.length > 0)];
}

const RESTORE = 'Restore the state before each trial with `# @reset`, `--reset` or `--state`';

function help(scene: Scene, differing: readonly Difference[], grows: boolean): string {
  const masks = differing.flatMap((difference) => maskFor(difference) ?? []);
  const [line] = masks;
  if (grows) return `${RESTORE}${line === undefined ? '' : `, or add \`${line}\` if it does not matter`}.`;
  if (line === undefined || masks.length < differing.length)
    return `${RESTORE}; if the app goes on working after an answer, wait with \`# @settle 50\`. No mask hides a status.`;
  const of = whose(scene, differing[0]!);
  return `Add \`${line}\`${of === undefined ? '' : ` to \`${of}\``} if it does not matter. ${RESTORE} if it does.`;
}

function maskFor(difference: Difference): string | undefined {
  switch (difference.what) {
    case 'location':
      return '# @mask header Location';
    case 'cookies':
      return '# @mask header Set-Cookie';
    case 'body':
      return difference.path === undefined
        ? '# @mask body'
        : `# @mask ${difference.path.replace(/\[\d+\]/g, '[*]')}`;
    default:
      return undefined;
  }
}

function whose(scene: Scene, difference: Difference): string | undefined {
  if (difference.of === 'outcome') return undefined;
  return (difference.of === 'group' ? scene.group : scene.probes)[difference.index]!.title;
}
