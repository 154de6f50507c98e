/** A scenario as its trials send it: the requests of each role, in order, with what they mean. */

import { buildRequest } from './scenario/to-request.ts';
import type { TrialContext } from './scenario/trial-context.ts';
import { requestsOf, type Scenario, type ScenarioRequest } from './scenario/types.ts';
import type { GroupMember, Script, ScriptRequest } from './trials/script.ts';

/** A request of the group, before it is one of a script. */
export interface GroupEntry {
  request: ScenarioRequest;
  /** From 0. */
  copy: number;
}

/** The group's requests, each copy by itself. */
export function groupOf(scenario: Scenario): GroupEntry[] {
  return requestsOf(scenario, 'together').flatMap((request) =>
    Array.from({ length: request.copies }, (_, copy) => ({ request, copy })),
  );
}

/**
 * @param members which of the group take part, by their index in {@link groupOf}; ascending
 * @param timeoutMs of a request that names none
 */
export function scriptOf(scenario: Scenario, members: readonly number[], timeoutMs: number): Script {
  const group = groupOf(scenario);
  const chosen = members.map((index) => group[index]!);
  const one = (request: ScenarioRequest, copy = 0): ScriptRequest => ({
    index: request.index,
    client: request.client,
    name: request.name,
    settleMs: request.settleMs,
    timeoutMs: request.timeoutMs ?? timeoutMs,
    build: (references: TrialContext) => buildRequest(request, references.of(request, copy)),
  });
  const probes = requestsOf(scenario, 'probe');
  return {
    resets: requestsOf(scenario, 'reset').map((request) => one(request)),
    setup: requestsOf(scenario, 'setup').map((request) => one(request)),
    group: chosen.map(({ request, copy }) => ({
      ...one(request, copy),
      after: afterOf(request, chosen),
      hasBody: request.body.length > 0,
    })),
    probes: probes.map((request) => one(request)),
    warm: warmOf(scenario, probes, group.length).map(([request, copy]) => one(request, copy)),
  };
}

function afterOf({ after }: ScenarioRequest, chosen: readonly GroupEntry[]): GroupMember['after'] {
  if (after === undefined) return undefined;
  const member = chosen.findIndex(({ request }) => request.name === after.name);
  return member < 0 ? undefined : { member, event: after.event };
}

/** Those with `# @warm`; else the probes, as many requests as the group has. */
function warmOf(
  { requests }: Scenario,
  probes: readonly ScenarioRequest[],
  count: number,
): Array<[ScenarioRequest, number]> {
  const asked = requests.filter(({ warm }) => warm !== undefined);
  if (asked.length > 0) {
    return asked.flatMap((request) =>
      Array.from({ length: request.warm! }, (_, copy) => [request, copy] as [ScenarioRequest, number]),
    );
  }
  // What refers to an answer can't be sent before the setup.
  const free = probes.filter(({ references }) => references.length === 0);
  if (free.length === 0) return [];
  return Array.from({ length: count }, (_, at) => [free[at % free.length]!, at]);
}
