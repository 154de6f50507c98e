/** Runs one trial: fresh workers, restored state, setup, the group under its schedule, probes. */
import os from 'node:os';
import path from 'node:path';
import type { TrialContext } from '../scenario/trial-context.ts';
import type { Answer, Outcome, Schedule, TrialResult } from '../types.ts';
import { CookieJar } from './cookie-jar.ts';
import { GroupRun } from './group-run.ts';
import type { Habits } from './habits.ts';
import { ObservedSending, type SendContext } from './observed-sending.ts';
import type { Script, ScriptRequest } from './script.ts';
import type { Spares } from './spares.ts';
import type { TrialServer } from './trial-server.ts';
import type { TrialWorker } from './trial-worker.ts';
import type { HookMessages } from './worker-messages.ts';

/** Restores what lives outside of the workers. */
interface Restoring {
  /** Before the workers of the trial start. */
  beforeStart(): Promise<void>;
  /** Before resets and setup; the workers may have been warmed up. */
  beforeSetup(): Promise<void>;
}

export interface TrialParts {
  server: TrialServer;
  hooks: HookMessages;
  spares: Spares;
  script: Script;
  habits: Habits;
  restoring: Restoring;
  /** The workers are processes that wait for a debugger, and stop where a request is held. */
  inspected: boolean;
  /** Looks at the workers before they end. */
  inspect(workers: readonly TrialWorker[]): Promise<void>;
  /** What references mean, anew for each trial. */
  references(): TrialContext;
}

/** Rejects with a ServerError if the app does not start. */
export async function runTrial(parts: TrialParts, schedule: Schedule): Promise<TrialResult> {
  const { server, spares, script, restoring } = parts;
  const count = schedule.topology === 'one' ? 1 : Math.max(1, script.group.length);
  await restoring.beforeStart();
  const workers = parts.inspected ? await spares.inspected(count) : await spares.take(count);
  server.front.activate(workers[0]);
  spares.refill();
  try {
    const result = await runIn(parts, schedule, workers);
    await parts.inspect(workers);
    return result;
  } finally {
    server.front.activate(undefined);
    await Promise.all(workers.map((worker) => server.workers.end(worker)));
  }
}

async function runIn(
  parts: TrialParts,
  schedule: Schedule,
  workers: readonly TrialWorker[],
): Promise<TrialResult> {
  const { server, hooks, script, restoring } = parts;
  const jars = new Map<string, CookieJar>();
  const gate = schedule.topology === 'many' ? gateFile() : undefined;
  const context = (references: TrialContext, all: Map<string, CookieJar>): SendContext => ({
    ...{ front: server.front, port: server.port, hooks, references, gate },
    jar: (client) => {
      const jar = all.get(client) ?? new CookieJar();
      all.set(client, jar);
      return jar;
    },
  });
  if (schedule.warm) {
    const thrownAway = context(parts.references(), new Map());
    const sent = workers.flatMap((worker) =>
      script.warm.map((request) => sendOne(thrownAway, request, worker)),
    );
    await Promise.all(sent);
  }
  await restoring.beforeSetup();
  const trial = context(parts.references(), jars);
  const [first] = workers as [TrialWorker];
  const prepared: Answer[] = [];
  for (const request of [...script.resets, ...script.setup])
    prepared.push(await sendOne(trial, request, first));
  const group = await new GroupRun(trial, script.group, schedule, workers, parts.habits).run();
  const probes: Answer[] = [];
  for (const request of script.probes) probes.push(await sendOne(trial, request, first));
  const death = workers.map((worker) => worker.death).find((text) => text !== undefined);
  const outcome: Outcome = { answers: group.answers, probes, ...(death === undefined ? {} : { death }) };
  const { boundaries, reached, impossible, steps, unknown } = group;
  return { schedule, outcome, prepared, boundaries, reached, impossible, steps, unknown };
}

async function sendOne(context: SendContext, request: ScriptRequest, worker: TrialWorker): Promise<Answer> {
  const sending = new ObservedSending(context, request, worker);
  const answer = await sending.send();
  await sending.settle();
  return answer;
}

let gates = 0;

/** A name that no file has. */
function gateFile(): string {
  gates += 1;
  return path.join(os.tmpdir(), `concurrent-server-gate-${process.pid}-${gates}`);
}
