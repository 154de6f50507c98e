/** The tables, for the terminal and for docs/benchmarks.md. */
import { cell } from './figures.mjs';
import { oursAmong, SUBJECTS } from './subjects.mjs';

/** One row per target, one column per form of the product: its result, and whether that reaches the target. */
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
  return { head: ['scenario', 'target', ...ours], rows };
}

/** One row per figure, one column per subject. */
export function figureTable(figures, names) {
  return {
    head: ['scenario', ...names],
    rows: figures.map((figure) => [figure.title, ...names.map((name) => cell(figure, name))]),
  };
}

/** For a terminal. A table that is too wide is turned: one line per cell. */
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

Written by \`${facts.command}\` on ${facts.date}, in ${facts.minutes} minutes; do not edit by hand.
Run it again to get the figures of your machine. One run measures everything side by side. A missed target does not fail the
run; the tables say so.

- Machine: ${facts.hardware}; ${facts.system}; load average before the run ${facts.load}.
- Node ${facts.node} for every subject and for the client. ${facts.peers}
- Clients and servers share the cores, so the figures are good only for comparing the columns.

## Targets

${asMarkdown(targetTable(figures, names))}

## All figures

Medians over the rounds. \`×\` is the median of the round-by-round ratio to bare, \`+\` of the difference to bare.

${asMarkdown(figureTable(figures, names))}

The subjects, with four workers if they have workers:

${names.map((name) => `- \`${name}\`: ${SUBJECTS[name].label}`).join('\n')}

All run the same few lines: a plain \`node:http\` script, or the same as a fetch handler for env-runner, whose front runs
nothing else. Their output goes to a pipe that is read and discarded. \`thread\` and \`fork\` are the default, with
an access line per request; \`-quiet\` is without it.

## Method

Subjects take turns: round 1 of each, then round 2 of each. Each round begins with another subject. One client process
with its own HTTP framing measures all of them.

${scenarios.map(({ name, method }) => `- **${name}**: ${method}`).join('\n')}
${notes.length === 0 ? '' : `\n## Problems of this run\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`}`;
}
