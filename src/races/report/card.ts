/** The card of one finding. Pure. */
import type { Paint } from '../../common/terminal-style.ts';
import { memberTitle } from '../outcomes/difference.ts';
import type { Finding, Schedule } from '../types.ts';
import { oneLine, wrap } from './cells.ts';
import { rowsOf } from './rows.ts';
import { type Member, scheduleText } from './schedule-text.ts';
import { KIND_NAMES, SEVERITY_COLORS, scheduleWords } from './words.ts';

export interface CardContext {
  /** Titles of the group's requests, in its order. */
  group: readonly string[];
  /** Columns of the terminal. */
  width: number;
  paint: Paint;
  /** The command that replays a token, to be pasted. */
  replayCommand(token: string): string;
}

const INDENT = '  ';

/** The whole card: what happened, how, what a serial order gives, and how to see it again. */
export function cardLines(finding: Finding, context: CardContext): string[] {
  const { width, paint, group } = context;
  const { difference, steps, observed, schedule, replays } = finding;
  const members = membersOf(schedule, group);
  const places = members.map(({ request }) => request);
  const rows = rowsOf(steps, (request) => observed.answers[places.indexOf(request)]);
  const death = observed.death === undefined ? [] : [`A worker exits: ${oneLine(observed.death)}`];
  const blocks = [
    [...headLines(finding, context)],
    ...(rows.length === 0 || members.length === 0
      ? []
      : [indented(scheduleText(rows, members, width - INDENT.length, paint))]),
    death.flatMap((text) => paragraph(text, width)),
    differenceLines(difference, context),
    [
      ...paragraph(`${reproduced(replays)} (${scheduleWords(schedule)})`, width),
      // In one line, however long: it is pasted.
      `${INDENT}${paint('dim', 'replay')} ${paint('cyan', oneLine(context.replayCommand(finding.token)))}`,
    ],
  ];
  return joined(blocks);
}

/** The requests that take part, under the names that the differences have. */
function membersOf({ members }: Schedule, group: readonly string[]): Member[] {
  const titles = group.map((title) => ({ title }));
  const taking = members?.filter((request) => group[request] !== undefined) ?? [...group.keys()];
  return taking.map((request) => ({ request, title: oneLine(memberTitle({ group: titles }, request)) }));
}

/** A finding that needs no schedule: a note, or one that the person accepts. */
export function shortCardLines(finding: Finding, context: CardContext): string[] {
  const { width, paint, replayCommand } = context;
  const { accepted, difference, token } = finding;
  return [
    ...headLines(finding, context),
    ...(accepted === undefined ? differenceLines(difference, context) : []),
    ...(accepted === undefined ? [] : paragraph(`Accepted: ${oneLine(accepted)}`, width)),
    `${INDENT}${paint('dim', 'replay')} ${paint('cyan', oneLine(replayCommand(token)))}`,
  ];
}

function headLines({ severity, kind, sentence, accepted }: Finding, { width, paint }: CardContext): string[] {
  const mark = accepted === undefined ? paint(SEVERITY_COLORS[severity], severity) : paint('dim', 'accepted');
  return [
    `${INDENT}${mark}: ${KIND_NAMES[kind]}`,
    ...paragraph(oneLine(sentence), width).map((line) => paint('bold', line)),
  ];
}

function differenceLines(difference: readonly string[], { width, paint }: CardContext): string[] {
  if (difference.length === 0) return [];
  const lines = difference.flatMap((line) => {
    const [first, ...rest] = wrap(oneLine(line), width - 2 * INDENT.length - 2);
    return [`${INDENT}${INDENT}${first}`, ...rest.map((more) => `${INDENT}${INDENT}  ${more}`)];
  });
  return [`${INDENT}${paint('dim', 'what differs from the nearest serial order')}`, ...lines];
}

function reproduced({ reproduced, times }: Finding['replays']): string {
  return `reproduced ${reproduced} of ${times}`;
}

function paragraph(text: string, width: number): string[] {
  return indented(wrap(text, width - INDENT.length));
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `${INDENT}${line}`);
}

/** Blocks with an empty line between them. */
function joined(blocks: ReadonlyArray<readonly string[]>): string[] {
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, at) => (at === 0 ? block : ['', ...block]));
}
