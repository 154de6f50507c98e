/** The JSON lines of `races --json`. Nothing is read. */
import type { WireError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/messages.ts';
import type { RaceMessage } from '../../protocol/race-messages.ts';
import { restoreHint } from '../../races/report/consent-text.ts';
import type { RaceEvent, ScenarioReport, Touched } from '../../races/report-types.ts';
import type { Problem } from '../../races/scenario/place.ts';
import { BufferedOutput, type OutputOptions } from '../output/buffered-output.ts';
import type { RaceView } from './view.ts';

/** Progress within one phase is reported at most this often, in ms. */
const PROGRESS_MS = 200;

type Progress = Extract<RaceEvent, { type: 'progress' }>;

export class JsonView implements RaceView {
  #output: BufferedOutput;
  #now: () => number;
  #last: { at: number; file: string; phase: string } | undefined;

  /** @param disconnected called when nobody reads stdout any more */
  constructor(streams: OutputOptions['streams'], disconnected: () => void, now = () => performance.now()) {
    this.#now = now;
    this.#output = new BufferedOutput({
      streams,
      disconnected,
      // Only progress is dropped, and the next one replaces it.
      dropped: () => '',
    });
  }

  event(event: RaceEvent, file: string): void {
    switch (event.type) {
      case 'progress':
        this.#progress(event, file);
        return;
      case 'finding':
        this.#send({ type: 'finding', scenario: file, finding: event.finding });
        return;
      case 'note':
        this.#send({ type: 'note', scenario: file, text: event.text });
        return;
      case 'inspect':
        this.#send({ type: 'inspect', scenario: file, url: event.url });
        return;
    }
  }

  report({ file, ...report }: ScenarioReport): void {
    this.#send({ type: 'races', scenario: file, ...report });
  }

  problems(problems: readonly Problem[]): void {
    for (const { file, line, what, allowed } of problems) {
      this.#send({
        type: 'error',
        scenario: file,
        error: {
          code: 'BAD_SCENARIO',
          message: `${what}.`,
          ...(allowed === undefined ? {} : { hint: allowed }),
          details: { file, line },
        },
      });
    }
  }

  error(error: WireError, file?: string): void {
    this.#send({ type: 'error', ...(file === undefined ? {} : { scenario: file }), error });
  }

  refused(touched: readonly Touched[], file: string): void {
    this.#send({ type: 'touched', scenario: file, touched, hint: restoreHint(touched) });
  }

  written(tokens: readonly string[], file: string): void {
    if (tokens.length > 0) this.#send({ type: 'written', scenario: file, tokens });
  }

  stopping(): void {}

  close(): Promise<void> {
    return this.#output.close();
  }

  #progress({ phase, done, of, findings, leftMs }: Progress, file: string): void {
    const at = this.#now();
    const before = this.#last;
    const isNews = before === undefined || before.file !== file || before.phase !== phase;
    if (!isNews && at - before.at < PROGRESS_MS) return;
    this.#last = { at, file, phase };
    this.#send(
      {
        type: 'progress',
        scenario: file,
        phase,
        done,
        of,
        findings,
        leftMs: Math.max(0, Math.round(leftMs)),
      },
      true,
    );
  }

  #send(message: RaceMessage, droppable = false): void {
    this.#output.write(`${JSON.stringify({ v: PROTOCOL_VERSION, ...message })}\n`, 'stdout', droppable);
  }
}
