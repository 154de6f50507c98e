/** Parses a scenario file: the `.http` format of REST Client, JetBrains and Visual Studio. Pure. */
import type { Contents } from './body.ts';
import { checkReferences } from './check-references.ts';
import { checkRoles, notSent } from './check-roles.ts';
import { checkTargets } from './check-targets.ts';
import {
  applyMetadata,
  isKnownMetadata,
  kindOf,
  noMetadata,
  noShareable,
  type Own,
  type Shareable,
} from './metadata.ts';
import { type ParsedPart, type ParsedRequest, parsePart } from './parse-part.ts';
import { Problems } from './problems.ts';
import { type Part, splitFile } from './split.ts';
import { NAME } from './template.ts';
import type { Note, Problem, Scenario, ScenarioRequest } from './types.ts';

export interface ParsedScenario {
  /** Absent if there are problems. */
  scenario?: Scenario;
  /** All mistakes of the file, in the order of its lines. */
  problems: Problem[];
  notes: Note[];
  /** The files that stand in bodies. */
  files: { path: string; line: number }[];
}

/**
 * Never throws.
 *
 * @param file its name in messages
 * @param contents of the files that stand in bodies, by their path as written
 */
export function parseScenario(text: string, file: string, contents: Contents = new Map()): ParsedScenario {
  const problems = new Problems();
  const scenario = assemble(text, file, contents, problems);
  if (scenario.requests.length === 0)
    problems.add({ file, line: 1 }, 'The file has no request', 'Write `POST /cart`.');
  const isSent = checkReferences(scenario, problems);
  for (const request of scenario.requests) request.sent = isSent(request);
  checkRoles(scenario, problems);
  checkTargets(scenario, problems);
  notSent(scenario, problems);
  const { sorted, notes } = problems;
  return { ...(sorted.length === 0 ? { scenario } : {}), problems: sorted, notes, files: filesIn(scenario) };
}

function filesIn({ requests }: Scenario): ParsedScenario['files'] {
  return requests.flatMap(({ body }) => body.filter((part) => part.type === 'file'));
}

function assemble(text: string, file: string, contents: Contents, problems: Problems): Scenario {
  const scenario: Scenario = { file, requests: [], schedules: [], accepts: [], variables: [] };
  const forAll = noShareable();
  for (const part of splitFile(text)) {
    checkTitle(part, file, problems);
    const parsed = parsePart(part, { file, contents, problems });
    scenario.variables.push(...parsed.variables);
    const own = ownOf(part, parsed, { scenario, forAll, problems });
    if (parsed.request === undefined) continue;
    const index = scenario.requests.length;
    scenario.requests.push({ file, index, ...requestOf(part, parsed.request, own) });
  }
  for (const request of scenario.requests) {
    request.masks.unshift(...forAll.masks);
    request.busy = [...new Set([...forAll.busy, ...request.busy])];
    request.settleMs ??= forAll.settleMs;
  }
  nameByTitle(scenario.requests);
  return scenario;
}

function checkTitle({ title, line }: Part, file: string, problems: Problems): void {
  const [, word] = /^@([\w-]+)/.exec(title ?? '') ?? [];
  if (word === undefined || !isKnownMetadata(word)) return;
  problems.add({ file, line }, `${title} stands beside ###`, `Write \`# ${title}\` in a line of its own.`);
}

/**
 * Reads the metadata of a part. Before the first request, some hold for all: those of parts without a request, and
 * those at the top of the file, above the first line that is only for one request.
 */
function ownOf(
  part: Part,
  { metadata, request }: ParsedPart,
  { scenario, forAll, problems }: { scenario: Scenario; forAll: Shareable; problems: Problems },
): Own {
  const own = noMetadata();
  const isBeforeAll = scenario.requests.length === 0;
  let isOwn = !isBeforeAll || (request !== undefined && !part.isFirst);
  for (const line of metadata) {
    const kind = kindOf(line.name);
    if (kind === 'request' || (request !== undefined && line.line > request.line)) isOwn = true;
    if (request === undefined && (kind === 'request' || (kind === 'shareable' && !isBeforeAll))) {
      const place = { file: scenario.file, line: line.line };
      problems.add(
        place,
        `@${line.name} belongs to no request`,
        'Write it between the ### above a request and the next ###.',
      );
      continue;
    }
    const shareable = isOwn ? own : forAll;
    applyMetadata(line, { file: scenario.file, own, shareable, ofFile: scenario, problems });
  }
  return own;
}

function requestOf(
  { title }: Part,
  parsed: ParsedRequest,
  own: Own,
): Omit<ScenarioRequest, 'file' | 'index'> {
  const { role, copies, client, name, masks, busy, settleMs, timeoutMs, warm, after } = own;
  const { line, method, target, headers, body } = parsed;
  return {
    line,
    name,
    title,
    role: role ?? 'named',
    sent: role !== undefined,
    copies,
    client,
    method,
    target,
    headers,
    body,
    masks,
    busy,
    settleMs,
    timeoutMs,
    warm,
    after,
    references: [],
  };
}

/** JetBrains' and httpYac's clients take the title for a name if there is no `@name`. */
function nameByTitle(requests: readonly ScenarioRequest[]): void {
  const taken = new Set(requests.map(({ name }) => name));
  const titles = requests.map(({ title }) => title);
  for (const request of requests) {
    const { title } = request;
    if (request.name !== undefined || title === undefined || !NAME.test(title) || taken.has(title)) continue;
    if (titles.filter((other) => other === title).length === 1) request.name = title;
  }
}
