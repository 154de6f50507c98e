/** Carries out what a driver asks for, and answers it. */
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine, ServerEvent } from '../protocol/messages.ts';
import { commandId, parseCommand } from '../protocol/validate/command.ts';

export interface MessageHandler {
  engine: Engine;
  /** Resolves when the server has started; commands that come earlier wait for it. Never rejects. */
  started: Promise<void>;
  send(event: ServerEvent): void;
  /** Starts the stop, or hurries one under way. */
  stop(now: boolean): void;
}

/**
 * Carries out a message of any shape. Resolves when it was answered: with `status`, or `reply` where it had an `id`,
 * or `error` where it does not fit or could not be done. Never rejects. `stop` is answered at once, so that
 * `stopped` is the last thing a driver hears.
 */
export async function handleMessage(
  input: unknown,
  { engine, started, send, stop }: MessageHandler,
): Promise<void> {
  const id = commandId(input);
  const identified = id === undefined ? {} : { id };
  let command: Command;
  try {
    command = parseCommand(input);
    if (command.type === 'stop') {
      stop(command.now ?? false);
    } else {
      await started;
      await engine.command(command);
    }
  } catch (error) {
    send({ type: 'error', error: ServerError.from(error).toWire(), ...identified });
    return;
  }
  // A status carries its id itself.
  if (id !== undefined && command.type !== 'status') send({ type: 'reply', id });
}
