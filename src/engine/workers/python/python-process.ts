/** Starts a Python process that leads its own group, and reads its control channel. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { FrameReader, feedFrom } from '../../../wire/frame-reader.ts';
import { FRAME_HEADER_BYTES, FROM_WORKER, Frame, type FromWorker } from '../../../wire/frames.ts';
import { childExit } from '../child-exit.ts';
import { createSecret, readChild } from '../output-reader.ts';
import type { RunnerEvents, RunnerOptions, WorkerExit } from '../worker-runner.ts';
import {
  BOOT_VARIABLE,
  CONTROL_FD,
  FIRST_LANE_FD,
  type FromPython,
  GO,
  type PythonBootData,
  readFromPython,
  WATCHDOG_FD,
} from './boot-data.ts';

export interface PythonProcess {
  /** Undefined if it could not be started. */
  pid: number | undefined;
  child: ChildProcess;
  control: Duplex;
  lanes: Duplex[];
  /** See wire/output-marks.ts. */
  secret: Buffer;
  /** Resolves when it has exited. */
  exit: Promise<WorkerExit>;
  /** Lets it load the app; it waits for that. */
  go(): void;
}

interface PythonProcessEvents {
  /** @param frame the message's whole frame, to be passed on */
  control(message: FromWorker | FromPython, frame: Buffer): void;
  /** A frame that is not a message; only ASGI apps send such frames here. */
  frame(frame: Buffer): void;
  /** The control channel carried an invalid frame or message. */
  broken(reason: string): void;
  output: RunnerEvents['output'];
}

export interface PythonRunnerOptions extends RunnerOptions {
  /** Absolute path of the interpreter, or a name to find on the path. */
  interpreter: string;
}

export function startPython(
  options: PythonRunnerOptions,
  kind: { fork: boolean; multiprocess: boolean; lanes: number },
  events: PythonProcessEvents,
): PythonProcess {
  // Windows must know that a pipe is used without blocking; Python uses its end with blocking calls.
  const fds = Array.from({ length: kind.lanes }, (_, at) => FIRST_LANE_FD + at);
  const { fork, multiprocess } = kind;
  const secret = createSecret();
  const boot: PythonBootData = {
    entry: options.entry,
    args: options.args,
    fork,
    multiprocess,
    lanes: fds,
    secret: secret.toString('base64'),
    terminal: options.terminal(),
  };
  const child = spawn(options.interpreter, [path.join(options.workersDir, '../python/boot.py')], {
    cwd: options.cwd,
    env: { ...options.env, [BOOT_VARIABLE]: JSON.stringify(boot) },
    // Its stdin stays open and silent, like a terminal without input.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...fds.map(() => 'pipe' as const)],
    // Its own group on POSIX, so that one signal ends all of it; on Windows this would open a console.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const pipes: readonly unknown[] = child.stdio;
  const control = pipes[CONTROL_FD] as Duplex;
  const lanes = fds.map((fd) => pipes[fd] as Duplex);
  const reader = new FrameReader((type, _stream, bytes, start, end) => {
    const frame = bytes.subarray(start - FRAME_HEADER_BYTES, end);
    if (type !== Frame.CONTROL) events.frame(frame);
    else events.control(readFromPython(bytes.toString('utf8', start, end)), frame);
  }, FROM_WORKER);
  feedFrom(control, reader, (reason) => events.broken(reason));
  const output = readChild(child, secret, events.output);
  const watchdog = pipes[WATCHDOG_FD] as Duplex;
  const exit = childExit(child, output, control, [watchdog, ...lanes]);
  return { pid: child.pid, child, control, lanes, secret, exit, go: () => void watchdog.write(GO) };
}
