/** Prints a run over scenarios for a person: reports on stdout, everything else on stderr. */
import {
  coloured,
  escapeControlsInLines,
  type Paint,
  plain,
  wantsColor,
} from '../../common/terminal-style.ts';
import type { WireError } from '../../protocol/errors.ts';
import { restoreHint, touchedLines } from '../../races/report/consent-text.ts';
import { foundText, progressText } from '../../races/report/progress-text.ts';
import { scenarioLines } from '../../races/report/scenario-text.ts';
import type { RaceEvent, ScenarioReport, Touched } from '../../races/report-types.ts';
import { type Problem, problemText } from '../../races/scenario/place.ts';
import { BufferedOutput, type OutputOptions, type Stream } from '../output/buffered-output.ts';
import { errorLines } from '../output/format.ts';
import type { RaceView } from './view.ts';

/** Columns if the output is no terminal. */
const WIDTH = 80;
/** A card is no easier to read if it is wider. */
const MAX_WIDTH = 140;
const MIN_WIDTH = 40;

/** Deletes the line of the cursor. */
export const ERASE_LINE = '\r\u001b[2K';

export interface TerminalViewOptions {
  streams: OutputOptions['streams'];
  env: NodeJS.ProcessEnv;
  /** False with `--no-color`. */
  color: boolean;
  isReplay: boolean;
  /** `--write-test` was given, so the advice to use it is not needed. */
  writesTest: boolean;
  replayCommand(token: string, file: string): string;
  /** Called when nobody reads stdout any more. */
  disconnected(): void;
}

export class TerminalView implements RaceView {
  #options: TerminalViewOptions;
  #output: BufferedOutput;
  #paints: Record<Stream, Paint>;
  /** Whether a progress line is on the screen. */
  #progress = false;
  #found = 0;
  #reports = 0;

  constructor(options: TerminalViewOptions) {
    this.#options = options;
    const { streams, env, color, disconnected } = options;
    const paint = (stream: Stream): Paint => (wantsColor(streams[stream], env, color) ? coloured : plain);
    this.#paints = { stdout: paint('stdout'), stderr: paint('stderr') };
    this.#output = new BufferedOutput({ streams, disconnected, dropped: () => '' });
  }

  event(event: RaceEvent, file: string): void {
    switch (event.type) {
      case 'progress':
        // The last column stays empty, so that no terminal wraps the line.
        if (this.#isTerminal('stderr'))
          this.#showProgress(progressText(file, event, this.#width('stderr') - 1));
        return;
      case 'finding': {
        const { severity, accepted, sentence } = event.finding;
        if (severity === 'note' || accepted !== undefined) return;
        this.#found += 1;
        // A report follows at once where the output is no terminal, as far as a person is concerned.
        if (this.#isTerminal('stderr'))
          this.#say([
            this.#paints.stderr('red', foundText(sentence, this.#found, this.#width('stderr') - 1)),
          ]);
        return;
      }
      case 'note':
        this.#say([this.#paints.stderr('dim', escapeControlsInLines(event.text))]);
        return;
      case 'inspect':
        this.#say([
          `The app waits for a debugger at ${escapeControlsInLines(event.url)}`,
          'Attach VS Code or chrome://inspect to it. It stops where the schedule holds a request.',
        ]);
        return;
    }
  }

  report(report: ScenarioReport): void {
    const { isReplay, writesTest, replayCommand } = this.#options;
    this.#found = 0;
    const lines = scenarioLines(report, {
      width: this.#width('stdout'),
      paint: this.#paints.stdout,
      isReplay,
      writesTest,
      replayCommand: (token) => replayCommand(token, report.file),
    });
    this.#say([...(this.#reports++ === 0 ? [] : ['']), ...lines], 'stdout');
  }

  problems(problems: readonly Problem[]): void {
    this.#say(problems.map((problem) => escapeControlsInLines(problemText(problem))));
  }

  error(error: WireError, file?: string): void {
    const where = file === undefined ? [] : [`${escapeControlsInLines(file)}:`];
    this.#say([...where, errorLines(error, this.#paints.stderr)]);
  }

  refused(touched: readonly Touched[], file: string, asked: boolean): void {
    this.#say([
      `${escapeControlsInLines(file)} was not run.`,
      ...(asked ? [] : touchedLines(touched)),
      restoreHint(touched),
    ]);
  }

  written(tokens: readonly string[], file: string): void {
    const name = escapeControlsInLines(file);
    this.#say(
      tokens.length === 0
        ? [`${name} has this schedule already.`]
        : [
            `Written to ${name}: ${tokens.map((token) => `# @schedule ${escapeControlsInLines(token)}`).join(', ')}`,
          ],
      'stdout',
    );
  }

  stopping(): void {
    this.#say([this.#paints.stderr('dim', 'stopping; press Ctrl-C again to end at once')]);
  }

  /** Resolves when all output was taken and the progress line is gone, so that other text can follow. */
  close(): Promise<void> {
    this.#erase();
    return this.#output.close();
  }

  #showProgress(text: string): void {
    this.#output.write(`${ERASE_LINE}${this.#paints.stderr('dim', text)}`, 'stderr');
    this.#progress = true;
  }

  #erase(): void {
    if (this.#progress) this.#output.write(ERASE_LINE, 'stderr');
    this.#progress = false;
  }

  #say(lines: readonly string[], stream: Stream = 'stderr'): void {
    this.#erase();
    this.#output.write(`${lines.join('\n')}\n`, stream);
  }

  #isTerminal(stream: Stream): boolean {
    const output: object = this.#options.streams[stream];
    return 'isTTY' in output && output.isTTY === true;
  }

  #width(stream: Stream): number {
    const output: object = this.#options.streams[stream];
    const columns = 'columns' in output && typeof output.columns === 'number' ? output.columns : 0;
    return columns === 0 ? WIDTH : Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));
  }
}
