/** Checks targets before anything is sent, as far as they are known then. */
import { type ExpandContext, missingKey, variableOf } from './expand.ts';
import { Problems } from './problems.ts';
import { readTarget, refuseOrigin } from './target.ts';
import type { Template } from './template.ts';
import { type Problem, referencesIn, type Scenario, templatesOf } from './types.ts';

type Environment = Pick<ExpandContext, 'dotenv' | 'processEnv'>;

/** Stands for a part that is not known yet; no text of a file contains it, except by intention. */
const UNKNOWN = '\0';

export function checkTargets(scenario: Scenario, problems: Problems, environment?: Environment): void {
  for (const request of scenario.requests) {
    const refused = refusal(knownText(request.target, scenario, environment));
    if (refused !== undefined) problems.add(request, refused.what, refused.allowed);
  }
}

/** The mistakes that depend on the environment: keys that it lacks, and hosts that it names. */
export function checkEnvironment(scenario: Scenario, environment: Environment): Problem[] {
  const problems = new Problems();
  const { requests, variables } = scenario;
  const needed = requests.filter(({ sent, warm }) => sent || warm !== undefined).flatMap(templatesOf);
  // Templates that are pushed here are visited as well.
  for (const template of needed) {
    for (const reference of referencesIn([template])) {
      const variable = variableOf(reference, variables);
      if (variable !== undefined && !needed.includes(variable.value)) needed.push(variable.value);
      if (reference.means.kind !== 'system' || !('key' in reference.means.variable)) continue;
      const { name, key } = reference.means.variable;
      if (environment[name](key) === undefined) problems.add(reference, missingKey(name, key), `Set ${key}.`);
    }
  }
  checkTargets(scenario, problems, environment);
  return problems.sorted;
}

function refusal(text: string): { what: string; allowed: string } | undefined {
  if (!text.includes(UNKNOWN)) {
    const read = readTarget(text);
    return 'path' in read ? undefined : read;
  }
  const known = text.slice(0, text.indexOf(UNKNOWN));
  // The host is known once something stands behind it; a scheme that is wrong is known before.
  const isKnown = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*[/?#\\]/i.test(known) || /^wss?:\/\//i.test(known);
  return isKnown ? refuseOrigin(known) : undefined;
}

function knownText(
  template: Template,
  scenario: Scenario,
  environment?: Environment,
  above: readonly Template[] = [],
): string {
  if (above.includes(template)) return UNKNOWN;
  return template.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const { means } = part;
      if (means.kind === 'system' && 'key' in means.variable) {
        return environment?.[means.variable.name](means.variable.key) ?? UNKNOWN;
      }
      const variable = variableOf(part, scenario.variables);
      if (variable === undefined) return UNKNOWN;
      return knownText(variable.value, scenario, environment, [...above, template]);
    })
    .join('');
}
