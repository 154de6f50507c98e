/** The report on one scenario, for a person. Pure. */
import type { ScenarioReport } from '../report-types.ts';
import { type CardContext, cardLines, shortCardLines } from './card.ts';
import { oneLine, wrap } from './cells.ts';
import { counts, coverageWords, exploredWords, notCovered, plural } from './words.ts';

export interface ReportContext extends Omit<CardContext, 'group'> {
  /** Only one schedule was run, because the person asked for it. */
  isReplay: boolean;
  /** The person knows `--write-test`. */
  writesTest: boolean;
}

/** Lines without their ends. All text of the app, of files and of the person is escaped. */
export function scenarioLines(report: ScenarioReport, context: ReportContext): string[] {
  const { findings, group, undecided, notes } = report;
  const card = { ...context, group };
  const paragraph = (text: string): string[] => wrap(text, context.width);
  const found = findings.filter(counts);
  const others = findings.filter((finding) => !counts(finding));
  const lines = [
    ...verdictLines(report, found.length, context),
    ...found.flatMap((finding) => ['', ...cardLines(finding, card)]),
    ...others.flatMap((finding) => ['', ...shortCardLines(finding, card)]),
    ...(report.findings.length === 0 ? [] : ['']),
    ...undecided.flatMap((line) => list(oneLine(line), context)),
    ...coverageLines(report, context)
      .flatMap(paragraph)
      .map((line) => context.paint('dim', line)),
    ...notes.flatMap((note) => paragraph(`note: ${oneLine(note)}`)),
  ];
  const advice = adviceLines(report, found[0]?.token, context);
  return [...lines, ...advice.map((line) => context.paint('dim', line))];
}

/** What a person can do with a finding. The line to be pasted stays whole. */
function adviceLines({ file }: ScenarioReport, token: string | undefined, context: ReportContext): string[] {
  if (token === undefined) return [];
  const keep = context.isReplay || context.writesTest ? '' : 'To keep it as a test, add --write-test. ';
  return [
    ...wrap(`${keep}If it is meant to be so, add to ${oneLine(file)}:`, context.width),
    `  # @accept ${oneLine(token)} REASON`,
  ];
}

/** The first line of a report: the file and the verdict. */
function verdictLines(report: ScenarioReport, races: number, context: ReportContext): string[] {
  const { paint, width, isReplay } = context;
  const { verdict, explored } = report;
  const file = oneLine(report.file);
  switch (verdict) {
    case 'race':
      return [`${paint('red', '✗')} ${paint('bold', file)}: ${paint('red', plural(races, 'race'))}`];
    case 'undecided':
      return [`${paint('yellow', '?')} ${paint('bold', file)}: ${paint('yellow', 'undecided')}`];
    case 'none': {
      // Nothing was tried, so nothing is known.
      const [mark, color] =
        explored.done === 0 && !isReplay ? (['?', 'yellow'] as const) : (['✓', 'green'] as const);
      const words = isReplay ? 'serial: the race does not show' : serialWords(explored);
      return [
        `${paint(color, mark)} ${paint('bold', file)}: ${paint(color, words)}`,
        ...(isReplay
          ? []
          : wrap(`not covered: ${notCovered(report)}`, width).map((line) => paint('dim', line))),
      ];
    }
  }
}

function serialWords({ done, of }: ScenarioReport['explored']): string {
  if (done === 0) return 'no schedule was run';
  if (done < of) return `${done} of ${of} schedules, all serial`;
  return done === 1 ? '1 schedule, serial' : `${done} schedules, all serial`;
}

function coverageLines(report: ScenarioReport, { isReplay }: ReportContext): string[] {
  const { coverage, masked, seed, durationMs } = report;
  const seconds = (durationMs / 1000).toFixed(1);
  const trials = plural(coverage.trials, 'trial');
  return [
    ...(isReplay ? [] : [`explored: ${exploredWords(report)}`]),
    `coverage: ${coverageWords(coverage)}`,
    ...(masked.length === 0
      ? []
      : [`not compared, as it differs between runs of one order: ${masked.map(oneLine).join(', ')}`]),
    `${trials} in ${seconds} s, seed ${seed}`,
  ];
}

function list(text: string, { width }: ReportContext): string[] {
  const [first, ...rest] = wrap(text, width - 2);
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}
