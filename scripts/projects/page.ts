/** The page docs/works-with.md, from the results. Pure. */
import { UNCOMPARED } from './answers.ts';
import type { Project, ServedProject, TestedProject } from './project.ts';
import type { Compared, Result, Way } from './result.ts';

export const PAGE = 'docs/works-with.md';
/** The first answer may take this much longer than the bare command's. */
const MORE_MS = 300;
const TIMES = 1.25;
/** Above this load the machine has other work, and times say less. */
export const BUSY = 2;

/** `right` and `refused` count as done. */
export type Verdict = 'right' | 'refused' | 'wrong' | 'not done';

/** The verdict, and one sentence for each thing that is not right. */
export function verdictOf(project: Project, result: Result | undefined): { verdict: Verdict; why: string[] } {
  if (result === undefined) return { verdict: 'not done', why: ['not run yet'] };
  if (result.notDone !== undefined) return { verdict: 'not done', why: [result.notDone] };
  const why = [...wrongServer(result), ...wrongTests(result)];
  if (result.refusal && !result.refusal.isRight)
    why.push(`exit code ${result.refusal.exitCode}: ${result.refusal.message}`);
  if (why.length > 0) return { verdict: 'wrong', why };
  return { verdict: project.kind === 'refused' ? 'refused' : 'right', why };
}

function wrongServer({ modes = {} }: Result): string[] {
  return Object.entries(modes).flatMap(([mode, { different, changeFailed, talk, left }]) => [
    ...different.map((text) => `${mode}: ${text}`),
    ...(changeFailed === undefined ? [] : [`${mode}: change: ${changeFailed}`]),
    ...(talk === undefined || talk === 'same' ? [] : [`${mode}: ${talk}`]),
    ...left.map((what) => `${mode}: left after the stop: ${what}`),
  ]);
}

function wrongTests({ tests = {} }: Result): string[] {
  return Object.entries(tests).flatMap(([mode, { failed, left }]) => [
    ...failed.map(({ title, error }) => `${mode}: test “${title}”: ${error}`),
    ...left.map((what) => `${mode}: left after the stop: ${what}`),
  ]);
}

/** Whether the median first answer is within the target; undefined without figures. */
export function isQuick(bareMs: readonly number[], oursMs: readonly number[]): boolean | undefined {
  const [bare, ours] = [median(bareMs), median(oursMs)];
  if (bare === undefined || ours === undefined) return undefined;
  return ours <= Math.max(bare + MORE_MS, bare * TIMES);
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1];
}

/** The whole page; `projects` in their order. */
export function page(projects: readonly Project[], results: ReadonlyMap<string, Result>): string {
  const groups = [...new Set(projects.map(({ group }) => group))];
  const sections = groups.map((group) =>
    section(
      group,
      projects.filter((project) => project.group === group),
      results,
    ),
  );
  return `${[head(projects, results), ...sections, wrongs(projects, results)].filter(Boolean).join('\n\n')}\n`;
}

function head(projects: readonly Project[], results: ReadonlyMap<string, Result>): string {
  const all = projects.map((project) => verdictOf(project, results.get(project.name)).verdict);
  const count = (verdict: Verdict): number => all.filter((one) => one === verdict).length;
  const times = timesOf([...results.values()]);
  const dates = [...results.values()].map(({ date }) => date).sort();
  const builds = [...new Set([...results.values()].map(({ build }) => build))].join(', ');
  return `# Works with

Real projects, as their generators and documentation make them, run by their own command and by \`concurrent-server\` without
changes. \`npm run projects\` writes this page; \`npm run projects -- --help\` says how to run one of them.

**${projects.length} projects: ${count('right')} right, ${count('refused')} rightly not run, ${count('wrong')} wrong, ${count('not done')} not done.**
First answer within the target: ${times.quick} of ${times.quiet} ways.${
    times.busy === 0
      ? ''
      : ` ${times.busy} more were timed beside other work (load above ${BUSY})
and do not count; \`npm run projects -- --times\` times them again.`
  }
Run ${dates[0] === dates.at(-1) ? `on ${dates[0]}` : `from ${dates[0]} to ${dates.at(-1)}`}, build ${builds}, on a machine with 2 cores.

- **Answers**: each request goes to the bare command twice and to ours once, one after another. Status, headers and body
  must be the same. Not compared: the headers ${UNCOMPARED.map((name) => `\`${name}\``).join(', ')}, port numbers in addresses, and words that
  differ between two runs of the bare command. “P” counts the requests that are not GET.
- **Change**: from the edit of one file until a request answers with the new text, nothing being restarted by hand. If a
  build has to follow the edit, the time counts from the build's end.
- **First answer**: from the start of the command to the first answer, median of five, bare and ours taken in turns. The target
  is bare + ${MORE_MS} ms or ${TIMES} × bare, the longer of both; ✗ marks a miss.
  Where the machine had other work, its load stands there instead, and the time is too long.
- **Memory**: all processes after the requests; shared pages count once.
- **Stop**: from Ctrl-C to the exit. Left processes or ports are a fault.
- Where two figures stand, the first is thread mode, the second fork mode.`;
}

/** Ways by how their first answers were timed. */
function timesOf(results: readonly Result[]): { quick: number; quiet: number; busy: number } {
  const ways = results.flatMap(({ bare, modes = {}, load }) =>
    Object.values(modes)
      .map((way) => isQuick(bare?.firstMs ?? [], way.firstMs))
      .filter((is) => is !== undefined)
      .map((is) => ({ is, isBusy: load > BUSY })),
  );
  const quiet = ways.filter(({ isBusy }) => !isBusy);
  return {
    quick: quiet.filter(({ is }) => is).length,
    quiet: quiet.length,
    busy: ways.length - quiet.length,
  };
}

const COLUMNS = [
  'project',
  'called with',
  'answers',
  'change',
  'WebSocket',
  'first answer',
  'memory',
  'stop',
  '',
];

function section(group: string, projects: readonly Project[], results: ReadonlyMap<string, Result>): string {
  const rows = projects.map((project) => row(project, results.get(project.name)));
  const table = [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const notes = projects.flatMap((project) =>
    'note' in project && project.note !== undefined ? [`- ${project.title}: ${project.note}`] : [],
  );
  return [`## ${group}\n\n${table.join('\n')}`, notes.join('\n')].filter(Boolean).join('\n\n');
}

function row(project: Project, result: Result | undefined): string[] {
  const { verdict } = verdictOf(project, result);
  const versions = Object.entries(result?.versions ?? {}).map(([name, version]) => `${name} ${version}`);
  const title = `${project.title}<br>${versions.join(', ')}`;
  const mark = verdict === 'right' || verdict === 'refused' ? verdict : `**${verdict}**`;
  if (project.kind === 'served') return [title, ...servedCells(project, result), mark];
  if (project.kind === 'tested') return [title, ...testedCells(project, result), mark];
  const message = result?.refusal ? `exit code ${result.refusal.exitCode}: “${result.refusal.message}”` : '';
  return [title, 'nothing', message, '', '', '', '', '', mark];
}

function servedCells(project: ServedProject, result: Result | undefined): string[] {
  const called = project.ours === undefined ? 'nothing' : `\`${project.ours.join(' ')}\``;
  const ways = Object.values(result?.modes ?? {});
  const { bare, load = 0 } = result ?? {};
  const isBusy = load > BUSY;
  if (bare === undefined || ways.length === 0) return [called, '', '', '', '', '', ''];
  const posts = project.requests.filter(({ method = 'GET' }) => method !== 'GET').length;
  const each = (text: (way: Compared) => string): string => [...new Set(ways.map(text))].join(' / ');
  const same = each((way) => `${way.requests - Math.min(way.requests, way.different.length)}`);
  return [
    `${called}<br>bare: \`${project.bare}\``,
    `${same} of ${project.requests.length} same${posts > 0 ? `, ${posts} P` : ''}`,
    project.change === undefined ? '–' : each((way) => seconds(way.changeMs, '✗')),
    project.talk === undefined ? '–' : each((way) => (way.talk === 'same' ? 'same' : '✗')),
    `${seconds(median(bare.firstMs))} → ${ways.map((way) => timeCell(bare, way, isBusy)).join(' / ')}${isBusy ? ` (load ${result?.load})` : ''}`,
    `${megabytes(bare.memory)} → ${ways.map((way) => megabytes(way.memory)).join(' / ')} MB`,
    ways.map((way) => seconds(way.stopMs)).join(' / '),
  ];
}

function testedCells(project: TestedProject, result: Result | undefined): string[] {
  const ways = Object.entries(result?.tests ?? {});
  const passed = ways.map(([mode, { passed, bare, skipped }]) => {
    const needApp = skipped.length === 0 ? '' : `; the app’s object is needed by “${skipped.join('”, “')}”`;
    return `${mode}: ${passed} of ${bare} tests pass${needApp}`;
  });
  return [`nothing, in ${project.examples.length} folders`, passed.join('<br>'), '–', '–', '–', '–', '–'];
}

function timeCell(bare: Way, { firstMs }: Way, isBusy: boolean): string {
  const isMiss = !isBusy && isQuick(bare.firstMs, firstMs) === false;
  return `${seconds(median(firstMs))}${isMiss ? ' ✗' : ''}`;
}

function seconds(ms: number | undefined, none = '–'): string {
  return ms === undefined ? none : `${(ms / 1000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** What is wrong or not done, with the reasons. */
function wrongs(projects: readonly Project[], results: ReadonlyMap<string, Result>): string {
  const items = projects.flatMap((project) => {
    const { why } = verdictOf(project, results.get(project.name));
    return why.length === 0 ? [] : [`- **${project.title}**: ${why.map(oneLine).join('; ')}`];
  });
  return items.length === 0 ? '' : `## What is wrong or not done\n\n${items.join('\n')}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 400);
}
