import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunOptions, ScenarioRun } from '../../../src/cli/races/run-scenarios.ts';
import type { RaceView } from '../../../src/cli/races/view.ts';
import { ServerError } from '../../../src/protocol/errors.ts';
import type { RaceEvent, ScenarioReport, Touched } from '../../../src/races/report-types.ts';
import { readScenarios } from '../../../src/races/scenario/read-scenario.ts';
import { finding, raceReport, TOKEN } from '../../races/report/sample.ts';

const SCENARIO = '# @together 2\nPOST /apply\n';
const NAMES = ['a.http', 'b.http', 'c.http'];
const FILES: readonly Touched[] = [{ what: 'file', name: 'a.db' }];

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'run-scenarios-'));
  for (const name of NAMES) await writeFile(path.join(folder, name), SCENARIO);
});
after(() => rm(folder, { recursive: true, force: true }));

interface Parts {
  emit(event: RaceEvent): void;
  consent(touched: readonly Touched[]): Promise<boolean>;
  /** Resolves when the run was told to end. */
  stopped: Promise<void>;
}

/** What the finder does with a scenario. */
type Find = (file: string, parts: Parts) => Promise<ScenarioReport>;

interface Started {
  run: ScenarioRun;
  calls: string[];
  asked: string[];
}

async function create(
  find: Find,
  changes: Partial<RunOptions> & { answers?: boolean[]; closing?: Error } = {},
): Promise<Started> {
  const { scenarios } = await readScenarios(NAMES, folder);
  const calls: string[] = [];
  const asked: string[] = [];
  const { answers, closing, ...options } = changes;
  const view: RaceView = {
    event: (event, file) => calls.push(`${event.type} ${file}`),
    report: ({ file, verdict }) => calls.push(`${verdict} ${file}`),
    problems: () => {},
    error: ({ code, hint }, file) => calls.push(`${code} ${file}${code === 'NO_APP' ? `: ${hint}` : ''}`),
    refused: (touched, file) => calls.push(`refused ${touched.map(({ name }) => name)} ${file}`),
    written: (tokens, file) => calls.push(`wrote ${tokens.length} ${file}`),
    stopping: () => {},
    close: async () => {},
  };
  const run = new ScenarioRun({
    scenarios,
    view,
    ask:
      answers === undefined
        ? undefined
        : async (touched) => {
            asked.push(touched.map(({ name }) => name).join());
            return answers.shift() ?? false;
          },
    writeTest: false,
    create: (parts) => {
      let stop = (): void => {};
      const stopped = new Promise<void>((resolve) => {
        stop = resolve;
      });
      return {
        run: ({ file }) => find(file, { ...parts, stopped }),
        stop,
        close: async () => {
          calls.push('closed');
          if (closing !== undefined) throw closing;
        },
      };
    },
    ...options,
  });
  return { run, calls, asked };
}

function none(file: string): ScenarioReport {
  return raceReport({ file, verdict: 'none', findings: [] });
}

describe('a run over scenarios', () => {
  it('reports each, and closes the finder at the end', async () => {
    const { run, calls } = await create(async (file) => none(file));
    assert.equal(await run.run(), 0);
    assert.deepEqual(calls, ['none a.http', 'none b.http', 'none c.http', 'closed']);
  });

  it('passes events on with their scenario', async () => {
    const { run, calls } = await create(async (file, { emit }) => {
      emit({ type: 'note', text: 'x' });
      return none(file);
    });
    await run.run();
    assert.deepEqual(calls.slice(0, 2), ['note a.http', 'none a.http']);
  });

  it('ends with 1 for a race in any of them, and with 3 for one that is undecided', async () => {
    const verdicts = { 'a.http': 'undecided', 'b.http': 'race', 'c.http': 'none' } as const;
    const find: Find = async (file) =>
      raceReport({ file, verdict: verdicts[file as keyof typeof verdicts], findings: [] });
    assert.equal(await (await create(find)).run.run(), 1);
    const { scenarios } = await readScenarios(['a.http', 'c.http'], folder);
    assert.equal(await (await create(find, { scenarios })).run.run(), 3);
  });

  it('says how to name the app as races takes it', async () => {
    const { run, calls } = await create(async () => {
      throw new ServerError('NO_APP', 'No app.', { hint: 'Name it: concurrent-server server.js' });
    });
    assert.equal(await run.run(), 3);
    assert.deepEqual(calls, ['NO_APP a.http: Name it: --entry server.js', 'closed']);
  });

  it('runs no other scenario if the app does not start, and reports it once', async () => {
    const failure = new ServerError('APP_FAILED_TO_START', 'It threw.');
    const { run, calls } = await create(
      async () => {
        throw failure;
      },
      { closing: failure },
    );
    assert.equal(await run.run(), 3);
    assert.deepEqual(calls, ['APP_FAILED_TO_START a.http', 'closed']);
  });

  it('ends with 2 if the finder refuses an option', async () => {
    const { run, calls } = await create(async (file) => none(file), {
      create: () => {
        throw new ServerError('BAD_CONFIG', '--replay: no token');
      },
    });
    assert.equal(await run.run(), 2);
    assert.deepEqual(calls, ['BAD_CONFIG undefined']);
  });
});

describe('Ctrl-C', () => {
  it('reports what was found so far, runs no other scenario, and ends with 130 without a race', async () => {
    const { run, calls } = await create(async (file, { stopped }) => {
      run.interrupt();
      await stopped;
      return none(file);
    });
    assert.equal(await run.run(), 130);
    assert.deepEqual(calls, ['none a.http', 'closed']);
  });

  it('ends with 1 if there was a race', async () => {
    const { run } = await create(async (file, { stopped }) => {
      run.interrupt();
      await stopped;
      return raceReport({ file });
    });
    assert.equal(await run.run(), 1);
  });

  it('knows of a race that was confirmed before its report, for an end at once', async () => {
    const codes: number[] = [];
    const { run } = await create(async (file, { emit }) => {
      emit({ type: 'finding', finding: finding({ severity: 'note' }) });
      run.interrupt();
      codes.push(run.exitCode);
      emit({ type: 'finding', finding: finding() });
      codes.push(run.exitCode);
      return raceReport({ file });
    });
    await run.run();
    assert.deepEqual(codes, [130, 1]);
  });
});

describe('what the trials would write to', () => {
  it('ends the scenario with 3 where nobody can be asked, whatever the finder makes of it', async () => {
    const find: Find = async (file, { consent }) => {
      if (await consent(FILES)) return none(file);
      if (file === 'b.http') throw new ServerError('INTERNAL', 'No consent.');
      return none(file);
    };
    const { run, calls } = await create(find);
    assert.equal(await run.run(), 3);
    assert.deepEqual(calls, [
      'refused a.db a.http',
      'none a.http',
      'refused a.db b.http',
      'refused a.db c.http',
      'none c.http',
      'closed',
    ]);
  });

  it('shows no progress over the question', async () => {
    const progress: RaceEvent = { type: 'progress', phase: 'serial', done: 0, of: 1, findings: 0, leftMs: 1 };
    const { run, calls } = await create(
      async (file, { consent, emit }) => {
        const agreed = consent(FILES);
        emit(progress);
        await agreed;
        if (file === 'a.http') emit(progress);
        return none(file);
      },
      { answers: [true] },
    );
    await run.run();
    assert.deepEqual(calls.slice(0, 3), ['progress a.http', 'none a.http', 'progress b.http']);
  });

  it('is asked once for all scenarios', async () => {
    const find: Find = async (file, { consent }) => {
      const touched: Touched[] =
        file === 'c.http' ? [...FILES, { what: 'database', name: 'pg' }] : [...FILES];
      assert.equal(await consent(touched), true);
      return none(file);
    };
    const { run, asked } = await create(find, { answers: [true, true] });
    assert.equal(await run.run(), 0);
    assert.deepEqual(asked, ['a.db', 'pg']);
  });
});

describe('--write-test', () => {
  it('writes the tokens of races, but not those of notes and of what is accepted', async () => {
    const { scenarios } = await readScenarios(['b.http'], folder);
    const findings = [
      finding(),
      finding({ token: '1:x', severity: 'note' }),
      finding({ token: '1:y', accepted: 'by design' }),
    ];
    const find: Find = async (file) => raceReport({ file, findings });
    const { run, calls } = await create(find, { scenarios, writeTest: true });
    assert.equal(await run.run(), 1);
    assert.deepEqual(calls, ['race b.http', 'wrote 1 b.http', 'closed']);
    const text = await readFile(path.join(folder, 'b.http'), 'utf8');
    assert.equal(text, `# @schedule ${TOKEN}\n${SCENARIO}`);
  });

  it('says so if the file is gone', async () => {
    const gone = path.join(folder, 'd.http');
    await writeFile(gone, SCENARIO);
    const { scenarios } = await readScenarios(['d.http'], folder);
    await rm(gone);
    const { run, calls } = await create(async (file) => raceReport({ file }), { scenarios, writeTest: true });
    assert.equal(await run.run(), 1);
    assert.deepEqual(calls, ['race d.http', 'BAD_SCENARIO d.http', 'closed']);
  });
});
