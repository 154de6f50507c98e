/** Handles the messages of a driver. */
import { defined } from '../common/defined.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine, ServerEvent } from '../protocol/messages.ts';
import { commandId, parseCommand } from '../protocol/validate/command.ts';

export interface MessageHandler {
  engine: Engine;
  /** Resolves when the server has started. Earlier commands wait for it. */
  started: Promise<void>;
  send(event: ServerEvent): void;
  /** Starts a stop, or speeds up one in progress. */
  stop(now: boolean): void;
}

/**
 * Handles a message of any shape. Resolves when it was answered: with `status`, with `reply` if it had an `id`, or with
 * `error` if it is invalid or failed. Never rejects. `stop` is answered at once, so that `stopped` is the last event.
 */
export async function handleMessage(
  input: unknown,
  { engine, started, send, stop }: MessageHandler,
): Promise<void> {
  const id = commandId(input);
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
    send({ type: 'error', error: ServerError.from(error).toWire(), ...defined({ id }) });
    return;
  }
  // The `status` event answers its command, and has the id.
  if (id !== undefined && command.type !== 'status') send({ type: 'reply', id });
}
