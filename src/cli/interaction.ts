/** What the keys do. */
import type { RandomDelayConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine } from '../protocol/messages.ts';
import { readKeys } from './keyboard.ts';
import { openInBrowser } from './open-browser.ts';
import type { Channel } from './output/driver-channel.ts';
import { delayText, keyText } from './output/format.ts';

/** The person at the terminal, and what the keys act on. */
export interface Person {
  url: string;
  delay: RandomDelayConfig;
  quit(): void;
}

/** Opens the browser; says so where that fails. */
export function open(url: string, channel: Channel): void {
  openInBrowser(url, (why) => say(channel, why, 'warn'));
}

/** Reads keys from the terminal until the returned function is called. */
export function startKeys(
  { url, delay, quit }: Person,
  engine: Engine,
  channel: Channel,
): Promise<() => void> {
  let enabled = delay.enabled;
  const handleMessage = (command: Command, done: () => void): void => {
    engine.command(command).then(done, (error: unknown) => {
      channel.send({ type: 'error', error: ServerError.from(error).toWire() });
    });
  };
  return readKeys(process.stdin, {
    quit,
    restart: () => handleMessage({ type: 'restart' }, () => say(channel, 'restarting')),
    toggleDelay: () => {
      const next = { ...delay, enabled: !enabled };
      handleMessage({ type: 'set', randomDelay: { enabled: next.enabled } }, () => {
        enabled = next.enabled;
        say(channel, `delay: ${delayText(next)}`);
      });
    },
    open: () => open(url, channel),
    help: () => say(channel, `keys: ${keyText()}`),
    mark: () => say(channel, ''),
  });
}

function say(channel: Channel, text: string, level: 'info' | 'warn' = 'info'): void {
  channel.send({ type: 'log', level, source: 'server', text });
}
