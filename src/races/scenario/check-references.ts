/** Checks that every `{{name}}` exists, and that what it means is known when its request is sent. */
import { requestOf, variableOf } from './expand.ts';
import { nearestName } from './nearest-name.ts';
import type { Problems } from './problems.ts';
import type { Reference } from './template.ts';
import {
  type FileVariable,
  type Role,
  referencesIn,
  type Scenario,
  type ScenarioRequest,
  templatesOf,
} from './types.ts';

/** Fills in which answers each request uses. Returns whether a request is sent in any trial. */
export function checkReferences(
  scenario: Scenario,
  problems: Problems,
): (request: ScenarioRequest) => boolean {
  const { requests, variables } = scenario;
  checkNames(scenario, problems);
  for (const variable of variables) checkKnown(referencesIn([variable.value]), scenario, problems);
  checkCircles(scenario, problems);
  for (const request of requests) {
    const all = referencesIn(templatesOf(request));
    checkKnown(all, scenario, problems);
    const used = usedAnswers(all, variables);
    request.references = [...new Set(used.map(({ name }) => name))].filter((name) => named(requests, name));
  }
  const sent = sentRequests(requests);
  for (const request of requests) {
    for (const used of usedAnswers(referencesIn(templatesOf(request)), variables)) {
      const other = named(requests, used.name);
      if (other !== undefined && (sent.has(request) || request.warm !== undefined)) {
        checkOrder(request, other, used, scenario, problems);
      }
    }
  }
  return (request) => sent.has(request);
}

export function named(requests: readonly ScenarioRequest[], name: string): ScenarioRequest | undefined {
  return requests.find((request) => request.name === name);
}

function checkNames({ requests }: Scenario, problems: Problems): void {
  for (const request of requests) {
    const { name } = request;
    const first = name === undefined ? undefined : named(requests, name);
    if (first === undefined || first === request) continue;
    const allowed = 'Names must differ.';
    problems.add(request, `The request of line ${first.line} is named ${name} as well`, allowed);
  }
}

function checkKnown(
  references: readonly Reference[],
  { requests, variables }: Scenario,
  problems: Problems,
): void {
  for (const reference of references) {
    const name = requestOf(reference, variables);
    if (name === undefined || named(requests, name) !== undefined) continue;
    const isName = reference.means.kind === 'name';
    const ofRequests = requests.flatMap((request) => request.name ?? []);
    const known = isName ? [...variables.map((variable) => variable.name), ...ofRequests] : ofRequests;
    const nearest = nearestName(name, known);
    const how = isName
      ? `Write \`@${name} = value\` above, or name a request with \`# @name ${name}\`.`
      : `Write \`# @name ${name}\` above the request.`;
    const what = isName ? `{{${reference.text}}} is unknown` : `No request is named ${name}`;
    problems.add(reference, what, nearest === undefined ? how : `Did you mean ${nearest}? ${how}`);
  }
}

/** Variables that need their own value. */
function checkCircles({ variables, file }: Scenario, problems: Problems): void {
  const done = new Set<FileVariable>();
  for (const variable of variables) visit(variable, []);

  function visit(variable: FileVariable, above: readonly FileVariable[]): void {
    if (above.includes(variable)) {
      const { name, line } = variable;
      problems.add({ file, line }, `The value of @${name} needs itself`, 'Write the value without it.');
      return;
    }
    if (done.has(variable)) return;
    done.add(variable);
    for (const reference of referencesIn([variable.value])) {
      const next = variableOf(reference, variables);
      if (next !== undefined) visit(next, [...above, variable]);
    }
  }
}

interface UsedAnswer {
  name: string;
  /** The line that uses it in the request, which may be by a variable. */
  reference: Reference;
  onlyHeaders: boolean;
}

/** The answers that these references use, also through variables. */
function usedAnswers(references: readonly Reference[], variables: readonly FileVariable[]): UsedAnswer[] {
  return references.flatMap((reference) => {
    const seen = new Set<FileVariable>();
    return follow(reference).map((use) => ({ ...use, reference }));

    function follow(one: Reference): Array<Omit<UsedAnswer, 'reference'>> {
      const name = requestOf(one, variables);
      if (name !== undefined) return [{ name, onlyHeaders: one.means.kind === 'header' }];
      const variable = variableOf(one, variables);
      if (variable === undefined || seen.has(variable)) return [];
      seen.add(variable);
      return referencesIn([variable.value]).flatMap(follow);
    }
  });
}

/** Those with a role, and those whose answers these use. */
function sentRequests(requests: readonly ScenarioRequest[]): Set<ScenarioRequest> {
  const sent = new Set(requests.filter(({ role }) => role !== 'named'));
  // What is added to a set while it is iterated is visited as well.
  for (const { references } of sent) {
    for (const name of references) sent.add(named(requests, name)!);
  }
  return sent;
}

const ORDER: Readonly<Record<Role, number>> = { reset: 0, setup: 1, named: 1, together: 2, probe: 3 };

function checkOrder(
  request: ScenarioRequest,
  other: ScenarioRequest,
  { reference, onlyHeaders, name }: UsedAnswer,
  { requests }: Scenario,
  problems: Problems,
): void {
  const wrong = whyTooEarly(request, other, { reference, onlyHeaders, name }, requests);
  if (wrong !== undefined) problems.add(reference, ...wrong);
}

function whyTooEarly(
  request: ScenarioRequest,
  other: ScenarioRequest,
  { reference, onlyHeaders, name }: UsedAnswer,
  requests: readonly ScenarioRequest[],
): [what: string, allowed: string] | undefined {
  if (request === other) {
    return [`The request uses its own answer, {{${reference.text}}}`, 'Name another request.'];
  }
  if (request.warm !== undefined) {
    return ['A request with @warm is sent before all others, so it can use no answer', 'Write a value.'];
  }
  if (other.copies > 1) {
    const what = `${name} is sent ${other.copies} times, so which answer is meant is open`;
    return [what, 'Use a request that is sent once.'];
  }
  if (request.role === 'together' && other.role === 'together') {
    const after = waitsFor(request, other, requests);
    if (after === 'end' || (after === 'headers' && onlyHeaders)) return undefined;
    const event = onlyHeaders ? 'headers' : 'end';
    return [
      `The answer of ${name} may not be there yet`,
      `Write \`# @after ${name} ${event}\` above this request.`,
    ];
  }
  const [own, its] = [ORDER[request.role], ORDER[other.role]];
  if (its < own || (its === own && other.index < request.index)) return undefined;
  const allowed = 'The order is resets, setups, the group, probes; each as in the file.';
  return [`${name} is sent later than this request`, allowed];
}

/** What has happened to `other` when `request` is released. */
function waitsFor(
  request: ScenarioRequest,
  other: ScenarioRequest,
  requests: readonly ScenarioRequest[],
): 'headers' | 'end' | undefined {
  const seen = new Set<ScenarioRequest>();
  let at: ScenarioRequest | undefined = request;
  while (at?.after !== undefined && !seen.has(at)) {
    seen.add(at);
    const next = named(requests, at.after.name);
    if (next === other) return at.after.event;
    at = next;
  }
  return undefined;
}
