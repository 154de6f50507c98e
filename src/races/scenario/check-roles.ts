/** Checks what the roles of a file's requests have to do with each other. */
import { named } from './check-references.ts';
import { nearestName } from './nearest-name.ts';
import type { Problems } from './problems.ts';
import type { Place, Scenario, ScenarioRequest } from './types.ts';

export function checkRoles(scenario: Scenario, problems: Problems): void {
  const { requests } = scenario;
  const group = requests.filter(({ role }) => role === 'together');
  const copies = group.reduce((sum, request) => sum + request.copies, 0);
  // A mistake in the word itself has its own message.
  const isMisspelt = problems.sorted.some(({ allowed }) => allowed === 'Did you mean @together?');
  if (group.length === 0 && !isMisspelt) suggestTogether(scenario, problems);
  else if (copies === 1) {
    const allowed = 'Write `# @together 2`, or `# @together` above another request as well.';
    problems.add(group[0]!, 'Only one request is together, so nothing can overlap', allowed);
  }
  for (const request of requests) checkAfter(request, scenario, problems);
}

/** Names the line for the request that is the likeliest: one without a role that changes something. */
function suggestTogether({ requests }: Scenario, problems: Problems): void {
  const free = requests.filter(({ sent }) => !sent);
  const likely = free.find(({ method }) => method !== 'GET') ?? free[0] ?? requests.at(-1);
  if (likely === undefined) return;
  const allowed = `Write \`# @together 2\` above this ${likely.method}, for two copies at the same time.`;
  problems.add(likely, 'No request of the file is together with another', allowed);
}

function checkAfter(request: ScenarioRequest, { requests }: Scenario, problems: Problems): void {
  const { after } = request;
  if (after === undefined) return;
  const place: Place = { file: request.file, line: after.line };
  if (request.role !== 'together') {
    problems.add(
      place,
      '@after is for requests with @together',
      'The others are sent in the order of the file.',
    );
    return;
  }
  const other = named(requests, after.name);
  if (other === undefined) {
    const nearest = nearestName(
      after.name,
      requests.flatMap(({ name }) => name ?? []),
    );
    const how = `Write \`# @name ${after.name}\` above the request.`;
    const allowed = nearest === undefined ? how : `Did you mean ${nearest}? ${how}`;
    problems.add(place, `No request is named ${after.name}`, allowed);
  } else if (other.role !== 'together') {
    problems.add(
      place,
      `${after.name} is not @together`,
      'Remove the line: the group waits for setups anyway.',
    );
  } else if (isCircle(request, requests)) {
    problems.add(place, 'These requests wait for each other', 'Remove one @after.');
  }
}

function isCircle(request: ScenarioRequest, requests: readonly ScenarioRequest[]): boolean {
  const seen = new Set<ScenarioRequest>();
  let at: ScenarioRequest | undefined = request;
  while (at?.after !== undefined && !seen.has(at)) {
    seen.add(at);
    at = named(requests, at.after.name);
  }
  return at === request;
}

/** Says which requests no trial sends. */
export function notSent({ requests }: Scenario, problems: Problems): void {
  for (const request of requests) {
    if (request.sent || request.warm !== undefined) continue;
    const why = 'because it has no role and no other request uses its answer';
    problems.note(request, `This ${request.method} is not sent, ${why}`);
  }
}
