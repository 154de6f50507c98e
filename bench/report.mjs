/** The tables, for the terminal and for docs/benchmarks.md. */
import { cell } from './figures.mjs';
import { oursAmong, SUBJECTS } from './subjects.mjs';

/** One row per target, one column per form of the product: what it got, and whether that reaches the target. */
export function targetTable(figures, names) {
  const ours = oursAmong(names);
  const rows = [];
  for (const figure of ours.length === 0 ? [] : figures) {
    for (const target of figure.targets) {
      const verdicts = ours.map((name) => target.judge(figure, name));
      rows.push([
        figure.title,
        target.words,
        ...verdicts.map((verdict) =>
          verdict === undefined ? '–' : `${verdict.got}, ${verdict.reached ? 'reached' : 'NOT reached'}`,
        ),
      ]);
    }
  }
  return { head: ['scenario', 'to reach', ...ours], rows };
}

/** One row per figure, one column per subject. */
export function figureTable(figures, names) {
  return {
    head: ['scenario', ...names],
    rows: figures.map((figure) => [figure.title, ...names.map((name) => cell(figure, name))]),
  };
}

/** For a terminal. A table wider than it is turned: one line a cell. */
export function asText({ head, rows }, width = 160) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  if (widths.reduce((sum, value) => sum + value + 2, 0) > width) {
    const longest = Math.max(...head.map((word) => word.length));
    return rows
      .map((row) =>
        [row[0], ...row.slice(1).map((value, i) => `  ${head[i + 1].padEnd(longest)}  ${value}`)].join('\n'),
      )
      .join('\n');
  }
  return [head, ...rows]
    .map((row) =>
      row
        .map((value, i) => value.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function asMarkdown({ head, rows }) {
  const line = (row) => `| ${row.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The whole document. */
export function document({ figures, names, scenarios, notes, facts }) {
  return `# Benchmarks

Written by \`${facts.command}\` on ${facts.date}, in ${facts.minutes} minutes; not edited by hand.
Run it again to have the figures of your machine. It measures everything side by side in one run and fails on nothing; what is
not reached is said.

- Machine: ${facts.hardware}; ${facts.system}; load average before the run ${facts.load}.
- Node ${facts.node} for every subject and for the client. ${facts.peers}
- Clients and servers share the cores, so a figure is good for comparing the columns and for nothing else.

## What is to be reached

${asMarkdown(targetTable(figures, names))}

## All figures

Medians over the rounds. \`×\` is the median of the round-by-round ratio to bare, \`+\` of the difference to bare.

${asMarkdown(figureTable(figures, names))}

The subjects, with four workers where they have workers:

${names.map((name) => `- \`${name}\`: ${SUBJECTS[name].label}`).join('\n')}

All run the same few lines: a plain \`node:http\` script, or the same as a fetch handler for env-runner, whose front runs
nothing else. Their output goes to a pipe that is read and thrown away. \`thread\` and \`fork\` are what a person gets, with
an access line per request; \`-quiet\` is without it.

## Method

Subjects take turns: round 1 of each, then round 2 of each, beginning with another one each time. One client process
with hand-made HTTP framing serves all of them.

${scenarios.map(({ name, method }) => `- **${name}**: ${method}`).join('\n')}
${notes.length === 0 ? '' : `\n## What went wrong in this run\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`}`;
}
