/**
 * The server's half of a Python process that serves by itself: thread mode, and fork mode on systems without `fork`.
 */
import { killTree } from '../../process/os/kill-tree.ts';
import type { RunnerEvents, WorkerRunner } from '../worker-runner.ts';
import { type PythonRunnerOptions, startPython } from './python-process.ts';
import { Revocations } from './revocations.ts';
import { Gateway } from './wsgi/gateway.ts';
import { laneControl } from './wsgi/lane-frames.ts';
import { Lane, Lanes } from './wsgi/lanes.ts';

interface PythonShape {
  mode: WorkerRunner['mode'];
  /** The most requests at a time, each in its own thread. */
  threads: number;
  /** The app runs in several processes. */
  multiprocess: boolean;
}

export function startPythonProcess(
  options: PythonRunnerOptions,
  shape: PythonShape,
  events: RunnerEvents,
): WorkerRunner {
  let gateway: Gateway | undefined;
  const python = startPython(
    options,
    { fork: false, multiprocess: shape.multiprocess, lanes: shape.threads },
    {
      control: (message, frame) => {
        if (message.type === 'serving') {
          if (message.style === 'wsgi') openGateway(message.software);
        } else events.bytes(frame);
      },
      frame: (frame) => events.bytes(frame),
      output: events.output,
      broken: (reason) => events.broken(reason),
    },
  );
  const revocations = new Revocations();

  function openGateway(software: string): void {
    const unused = python.lanes.map((socket, index) => () => {
      python.control.write(laneControl({ type: 'lane', index }));
      return new Lane(socket, (...frame) => gateway?.onLane(...frame), events.broken);
    });
    events.capacity(unused.length);
    gateway = new Gateway({
      lanes: new Lanes(unused),
      software,
      ...events,
      control: (frame) => void python.control.write(frame),
    });
  }

  const exited = python.exit.then((exit) => events.exit(exit));
  return {
    mode: shape.mode,
    pid: python.pid,
    threadId: undefined,
    signalled: process.platform !== 'win32',
    go: () => python.go(),
    send: (bytes) => {
      if (gateway === undefined) python.control.write(bytes);
      else gateway.feed(bytes);
    },
    revoke: (slot, id, done) => {
      // A lane starts every request at once, so there is nothing to take back.
      if (gateway !== undefined) done(false);
      else python.control.write(revocations.ask(slot, id, done));
    },
    revoked: (slot, revoked) => revocations.answer(slot, revoked),
    end: async (graceMs) => {
      if (python.pid !== undefined) await killTree(python.pid, { graceMs });
      await exited;
    },
  };
}
