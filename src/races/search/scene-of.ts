/** The group and the probes of a scenario as their outcomes are compared. */
import type { Scene, Sent } from '../outcomes/scene.ts';
import type { Template } from '../scenario/template.ts';
import { requestsOf, type Scenario, type ScenarioRequest, templatesOf } from '../scenario/types.ts';
import type { Place } from '../schedules/pauses.ts';
import { groupOf } from '../script-of.ts';
import type { Schedule } from '../types.ts';

/** @param nowMs see {@link Scene.nowMs} */
export function sceneOfScenario(scenario: Scenario, nowMs: number): Scene {
  const group = groupOf(scenario);
  return {
    group: group.map(({ request }) => sentOf(request)),
    groupKeys: groupKeysOf(scenario),
    probes: requestsOf(scenario, 'probe').map(sentOf),
    nowMs,
  };
}

/** Equal numbers are copies of one request. */
function groupKeysOf(scenario: Scenario): number[] {
  return groupOf(scenario).map(({ request }) => request.index);
}

function sentOf(request: ScenarioRequest): Sent {
  const { client, masks, busy } = request;
  const sentText = templatesOf(request).map(writtenText).join('\n');
  return { title: titleOf(request), client, masks, busy, sentText };
}

/** `POST /apply` */
export function titleOf({ method, target }: ScenarioRequest): string {
  const path = writtenText(target).replace(/^(?:https?:\/\/[^/]*|\{\{[^}]*\}\})(?=\/)/, '');
  return `${method} ${path === '' ? '/' : path}`;
}

function writtenText({ parts }: Template): string {
  return parts.map((part) => (typeof part === 'string' ? part : `{{${part.text}}}`)).join('');
}

/** Which of the group's requests have to wait for which others: `# @after`. */
export function orderOf(scenario: Scenario): Array<readonly [number, number]> {
  const group = groupOf(scenario);
  return group.flatMap(({ request }, index) => {
    const { after } = request;
    if (after === undefined) return [];
    return group.flatMap((other, first) =>
      other.request.name === after.name ? [[first, index] as const] : [],
    );
  });
}

export function placeOf({ topology, warm }: Schedule): Place {
  return { topology, warm };
}
