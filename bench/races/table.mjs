/** What the results come to: figures, a line for each case, and the page in docs. */

const shown = ({ severity }) => severity !== 'note';

export function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const seconds = (ms) => (ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`);
const list = (values) => [...new Set(values)].join(', ') || '–';

/** How a case did in all its runs; `ok` says whether that is what was expected. */
export function judged(subject, results) {
  const findings = results.flatMap((result) => result.findings.filter(shown));
  const races = results.filter(({ verdict }) => verdict === 'race').length;
  const undecided =
    results.length - results.filter(({ verdict }) => verdict === 'race' || verdict === 'none').length;
  const figures = {
    subject,
    runs: results.length,
    races,
    undecided,
    kinds: list(findings.map(({ kind }) => kind)),
    kindExpected:
      !subject.racy ||
      results.every(({ findings: own }) => own.some(({ kind }) => subject.kind.includes(kind))),
    firstMs: median(results.map(({ firstMs }) => firstMs)),
    totalMs: median(results.map(({ totalMs }) => totalMs)),
    replayed: findings.filter(({ replays }) => replays.reproduced === replays.times).length,
    findings: findings.length,
    pauses: list(findings.map(({ pauses }) => pauses).sort()),
    schedules: median(results.map(({ explored }) => explored?.done)),
    whole: results.every(({ explored }) => explored && explored.done >= explored.of),
    perSecond: median(results.map(({ coverage, totalMs }) => coverage && (coverage.trials * 1000) / totalMs)),
    why: list(
      results.flatMap(({ undecided: lines, error }) => [...(lines ?? []), ...(error ? [error] : [])]),
    ),
    firstSentence: findings[0]?.sentence,
  };
  const ok = subject.racy
    ? races === results.length && figures.kindExpected && figures.replayed === figures.findings
    : races === 0 && undecided === 0;
  return { ...figures, ok };
}

/** One line for the terminal. */
export function lineOf(figures) {
  const { subject, runs, races, undecided, ok } = figures;
  const mark = ok ? 'ok ' : 'BAD';
  const verdicts = `${races} of ${runs} race${undecided ? `, ${undecided} undecided` : ''}`;
  const more = [
    figures.kinds,
    `first ${seconds(figures.firstMs)}`,
    `whole ${seconds(figures.totalMs)}`,
    `${figures.schedules ?? 0} schedules${figures.whole ? '' : ' (not all)'}`,
    `replayed ${figures.replayed} of ${figures.findings}`,
    `pauses ${figures.pauses}`,
  ].join('; ');
  const because = ok
    ? ''
    : `\n          ${subject.racy && !figures.kindExpected ? `expected ${subject.kind[0]}; ` : ''}${subject.racy ? figures.why : `${figures.firstSentence ?? ''} ${figures.why}`}`;
  return `${subject.racy ? 'racy   ' : 'correct'} ${subject.name.padEnd(26)} ${mark} ${verdicts}; ${more}${because}`;
}

/** The figures that the finder is held to. */
export function totals(all) {
  const racy = all.filter(({ subject }) => subject.racy);
  const correct = all.filter(({ subject }) => !subject.racy);
  const sum = (rows, of) => rows.reduce((total, row) => total + of(row), 0);
  const short = all.filter(({ whole, schedules }) => whole && schedules <= 100).map(({ totalMs }) => totalMs);
  return [
    [
      'racy cases found, each time',
      `${racy.filter(({ races, runs }) => races === runs).length} of ${racy.length}`,
      'all',
    ],
    [
      'correct cases reported, ever',
      `${correct.filter(({ races }) => races > 0).length} of ${correct.length}`,
      '0',
    ],
    ['cases ever undecided', `${all.filter(({ undecided }) => undecided > 0).length} of ${all.length}`, '0'],
    [
      'shown findings that replay every time',
      `${sum(all, ({ replayed }) => replayed)} of ${sum(all, ({ findings }) => findings)}`,
      'all',
    ],
    ['first finding, median over cases', seconds(median(racy.map(({ firstMs }) => firstMs))), '≤ 10 s'],
    [
      'longest whole enumeration of up to 100 schedules',
      seconds(short.length ? Math.max(...short) : undefined),
      '≤ 60 s',
    ],
    ['lines of app or invariant written', '0', '0'],
  ];
}

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** The page `docs/benchmarks-races.md`. */
export function page(all, { machine, skipped }) {
  const source = ({ from }) => (from ? ` ([${from.split(' ')[0]}](${from.split(' ')[1]}))` : '');
  const about = (subject) => `${subject.about}${source(subject)}`;
  const racy = all.filter(({ subject }) => subject.racy);
  const correct = all.filter(({ subject }) => !subject.racy);
  return `# Benchmark of the race finder

\`npm run bench:races\` wrote this page. ${machine} Each case is a small app and a scenario, in \`bench/races/cases\`;
each run has another seed. Cases with a reference are rebuilt from a public report, in our own code.

${table(['figure', 'measured', 'to reach'], totals(all))}

## Racy cases

${table(
  ['case', 'found', 'as', 'first finding', 'whole run', 'schedules', 'replayed', 'pauses', 'what it is'],
  racy.map((figures) => [
    figures.subject.name,
    `${figures.races} of ${figures.runs}`,
    figures.kinds,
    seconds(figures.firstMs),
    seconds(figures.totalMs),
    `${figures.schedules ?? '–'}${figures.whole ? '' : ' (not all)'}`,
    `${figures.replayed} of ${figures.findings}`,
    figures.pauses,
    about(figures.subject),
  ]),
)}

## Correct cases

${table(
  ['case', 'reported', 'undecided', 'whole run', 'schedules', 'what it is'],
  correct.map((figures) => [
    figures.subject.name,
    `${figures.races} of ${figures.runs}`,
    `${figures.undecided}`,
    seconds(figures.totalMs),
    `${figures.schedules ?? '–'}${figures.whole ? '' : ' (not all)'}`,
    about(figures.subject),
  ]),
)}
${skipped.length ? `\nNot run: ${skipped.join('; ')}.\n` : ''}`;
}
