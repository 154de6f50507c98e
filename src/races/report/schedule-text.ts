/** A schedule for a person: a column for each request, or a list in a narrow terminal. Pure. */
import type { Color, Paint } from '../../common/terminal-style.ts';
import { fit, fitPath, pad, widthOf, wrap } from './cells.ts';
import type { Row } from './rows.ts';

/** Narrower columns than this show too little of a line of code. */
const MIN_COLUMN = 30;
/** Columns between two columns: ` │ `. */
const GAP = 3;
/** Most lines of a label or an answer. */
const MAX_LINES = 2;

/** A piece of a column's line. */
interface Piece {
  text: string;
  color?: Color;
}
type Line = readonly Piece[];

/** A request that takes part. */
export interface Member {
  /** Its index in the group. */
  request: number;
  title: string;
}

/** @param width columns that the text may take */
export function scheduleText(
  rows: readonly Row[],
  members: readonly Member[],
  width: number,
  paint: Paint,
): string[] {
  const column = Math.floor((width - GAP * (members.length - 1)) / members.length);
  return column >= MIN_COLUMN
    ? inColumns(rows, members, column, paint)
    : asList(rows, members, Math.max(width, MIN_COLUMN), paint);
}

function inColumns(rows: readonly Row[], members: readonly Member[], column: number, paint: Paint): string[] {
  const across = members.length * column + GAP * (members.length - 1);
  const line = (cells: ReadonlyMap<number, Line>): string => {
    const [first = '', ...others] = members.map(({ request }, at) => {
      const pieces = cells.get(request) ?? [];
      return at === members.length - 1 ? painted(pieces, paint) : padded(pieces, column, paint);
    });
    return first + others.map((cell) => ` ${paint('dim', '│')}${cell === '' ? '' : ` ${cell}`}`).join('');
  };
  const head = new Map(
    members.map(({ request, title }): [number, Line] => [
      request,
      [{ text: fit(`r${request} ${title}`, column), color: 'bold' }],
    ]),
  );
  const rule = paint('dim', members.map(() => '─'.repeat(column)).join('─┼─'));
  const lines = [line(head), rule];
  for (const row of rows) {
    if (row.type === 'switch') lines.push(paint('magenta', switchRule(row, across)));
    else if (row.type === 'starts')
      lines.push(line(new Map(row.requests.map((request) => [request, [{ text: 'starts' }]]))));
    else for (const pieces of cellOf(row, column)) lines.push(line(new Map([[row.request, pieces]])));
  }
  return lines;
}

function asList(rows: readonly Row[], members: readonly Member[], width: number, paint: Paint): string[] {
  const mark = Math.max(...members.map(({ request }) => widthOf(`r${request}`))) + 2;
  const lines = members.map(({ request, title }) =>
    painted([{ text: pad(`r${request}`, mark) }, { text: fit(title, width - mark), color: 'bold' }], paint),
  );
  lines.push(paint('dim', '─'.repeat(width)));
  for (const row of rows) {
    if (row.type === 'switch') lines.push(paint('magenta', switchRule(row, width)));
    else if (row.type === 'starts')
      for (const request of row.requests) lines.push(`${pad(`r${request}`, mark)}starts`);
    else {
      const cell = cellOf(row, width - mark);
      lines.push(
        ...cell.map((pieces, at) => {
          const start = pad(at === 0 ? `r${row.request}` : '', mark);
          return `${start}${painted(pieces, paint)}`;
        }),
      );
    }
  }
  return lines;
}

/** A line across all columns, with an arrow to the request that goes on. */
function switchRule({ from, to }: Extract<Row, { type: 'switch' }>, width: number): string {
  const text = ` switch to r${to} `;
  const left = Math.max(2, Math.floor((width - text.length) / 2));
  const right = Math.max(2, width - text.length - left);
  return to > from
    ? `${'─'.repeat(left)}${text}${'─'.repeat(right - 1)}→`
    : `←${'─'.repeat(left - 1)}${text}${'─'.repeat(right)}`;
}

function cellOf(row: Extract<Row, { type: 'step' | 'more' }>, width: number): Line[] {
  if (row.type === 'more') {
    const text = `… ${row.count} more ${row.count === 1 ? 'step' : 'steps'}`;
    return [[{ text: fit(text, width), color: 'dim' }]];
  }
  const { where, what, tone } = row;
  if (tone === 'held') return [[{ text: fit(what, width), color: 'yellow' }]];
  if (tone === 'answer') return few(what, width).map((text): Line => [{ text, color: 'bold' }]);
  if (where === '') return [[{ text: fit(what, width) }]];
  const place: Piece = { text: fitPath(where, width), color: 'cyan' };
  if (widthOf(where) + 2 + widthOf(what) <= width) return [[place, { text: `  ${what}` }]];
  return [[place], ...few(what, width - 2).map((text): Line => [{ text: `  ${text}` }])];
}

/** The text in at most {@link MAX_LINES} lines. */
function few(text: string, width: number): string[] {
  const lines = wrap(text, width);
  const shown = lines.slice(0, MAX_LINES);
  const next = lines[MAX_LINES];
  if (next !== undefined) shown.push(fit(`${shown.pop()} ${next}`, width));
  return shown;
}

function painted(pieces: Line, paint: Paint): string {
  return pieces.map(({ text, color }) => (color === undefined ? text : paint(color, text))).join('');
}

function padded(pieces: Line, width: number, paint: Paint): string {
  const used = pieces.reduce((sum, { text }) => sum + widthOf(text), 0);
  return painted(pieces, paint) + ' '.repeat(Math.max(0, width - used));
}
