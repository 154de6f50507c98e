/** The steps of a trial as the rows of a card. Pure. */
import type { Answer, Boundary, BoundaryKind, Site, Step } from '../types.ts';
import { oneLine } from './cells.ts';

export type Row =
  /** These requests start together. */
  | { type: 'starts'; requests: readonly number[] }
  /** Control moves to another request. */
  | { type: 'switch'; from: number; to: number }
  | {
      type: 'step';
      request: number;
      tone: 'plain' | 'held' | 'answer';
      /** `file:line`; empty if it is nowhere in the user's code. */
      where: string;
      what: string;
    }
  /** Boundaries that are left out. */
  | { type: 'more'; request: number; count: number };

/** Boundaries in a row, of one request, that are shown at most: those at the start and at the end of it. */
const FIRST = 2;
const LAST = 3;

/** Most rows of a card; what is between its start and its end is left out. */
const MAX_ROWS = 48;

/** Longest part of an answer's body, in characters. */
const MAX_BODY = 200;

/** What a boundary without a label is. */
const KIND_WORDS: Readonly<Record<BoundaryKind, string>> = {
  body: "the request's body",
  headers: "the answer's head",
  await: 'await',
  callback: 'callback',
  query: 'query',
  io: 'input or output',
  sync: 'synchronous call',
};

/** @param answerOf the answer to a request, by its index in the group */
export function rowsOf(steps: readonly Step[], answerOf: (request: number) => Answer | undefined): Row[] {
  const rows: Row[] = [];
  let active: number | undefined;
  let last: Step | undefined;
  for (const step of steps) {
    const { request, what, boundary } = step;
    const before = rows.at(-1);
    if (what === 'start' && before?.type === 'starts') {
      rows[rows.length - 1] = { type: 'starts', requests: [...before.requests, request] };
      active = undefined;
      last = step;
      continue;
    }
    if (active !== undefined && active !== request) rows.push({ type: 'switch', from: active, to: request });
    active = request;
    if (what === 'start') rows.push({ type: 'starts', requests: [request] });
    else {
      const isKnown = what === 'held' && last !== undefined && isSame(last, step);
      if (boundary !== undefined && what !== 'go' && !isKnown) rows.push(boundaryRow(request, boundary));
      if (what === 'held') rows.push({ type: 'step', request, tone: 'held', where: '', what: 'held here' });
      if (what === 'go') rows.push({ type: 'step', request, tone: 'held', where: '', what: 'goes on' });
      if (what === 'answered') rows.push(answerRow(request, answerOf(request)));
    }
    last = step;
  }
  return shortened(rows.length > 0 ? withoutMiddles(rows) : rows);
}

/** `file:line`, or empty. */
function placeOf({ file, line }: Boundary): string {
  return file === '' ? '' : oneLine(line === 0 ? file : `${file}:${line}`);
}

function boundaryRow(request: number, boundary: Boundary): Row {
  const label = oneLine(boundary.label);
  const what = label === '' ? KIND_WORDS[boundary.kind] : label;
  return { type: 'step', request, tone: 'plain', where: placeOf(boundary), what };
}

function answerRow(request: number, answer: Answer | undefined): Row {
  return { type: 'step', request, tone: 'answer', where: '', what: answerText(answer) };
}

function answerText(answer: Answer | undefined): string {
  switch (answer?.failure) {
    case 'died':
      return 'gets no answer: its worker exits';
    case 'timeout':
      return 'gets no answer in time';
    case 'cut':
      return 'gets a part of its answer: the connection ends';
  }
  if (answer === undefined) return 'is answered';
  return `is answered: ${answer.status} ${oneLine(answer.body.slice(0, MAX_BODY))}`.trimEnd();
}

function isSame(before: Step, step: Step): boolean {
  if (before.what !== 'boundary' || before.request !== step.request) return false;
  return siteOf(before.boundary) === siteOf(step.boundary);
}

function siteOf(site: Site | undefined): string {
  return site === undefined ? '' : `${site.kind}\0${site.fn}\0${site.file}\0${site.occurrence}`;
}

/** Leaves out boundaries in the middle of a long way of one request. */
function withoutMiddles(rows: readonly Row[]): Row[] {
  const kept: Row[] = [];
  let run: Array<Extract<Row, { type: 'step' }>> = [];
  const flush = (): void => {
    const [first] = run;
    // One row more is as long as the row that would replace it.
    if (first !== undefined && run.length > FIRST + LAST + 1) {
      const count = run.length - FIRST - LAST;
      kept.push(...run.slice(0, FIRST), { type: 'more', request: first.request, count });
      kept.push(...run.slice(-LAST));
    } else kept.push(...run);
    run = [];
  };
  for (const row of rows) {
    if (row.type === 'step' && row.tone === 'plain') run.push(row);
    else {
      flush();
      kept.push(row);
    }
  }
  flush();
  return kept;
}

/** Leaves out the middle of a very long schedule, such as one of a free run. */
function shortened(rows: readonly Row[]): Row[] {
  if (rows.length <= MAX_ROWS) return [...rows];
  const half = MAX_ROWS / 2;
  const [start, middle, end] = [rows.slice(0, half), rows.slice(half, -half), rows.slice(-half)];
  const request = middle.find((row) => row.type === 'step')?.request ?? 0;
  return [...start, { type: 'more', request, count: middle.length }, ...end];
}
