/** Converts the options of the command line to fields of the configuration. */
import { badConfig } from '../../protocol/errors.ts';
import { setValueAt } from '../../protocol/settings/paths.ts';
import { SERVER_SETTINGS, type ServerSettingName } from '../../protocol/settings/table.ts';
import { attributeOf, type WrittenOptions } from './options.ts';

/** The value of `--random-delay` that overrides an app whose own settings turn the delay on. */
export const OFF = 'off';

type Fields = { [N in ServerSettingName]?: unknown };

/** Options that set several settings at once. */
const COMPOSED: { [N in ServerSettingName]?: (text: string | true) => Fields } = {
  'randomDelay.enabled': (text) => ({
    'randomDelay.enabled': text !== OFF,
    ...(text === true || text === OFF ? {} : range(text)),
  }),
  'overlap.size': (text) => {
    const [size, maxMs, ...rest] = String(text).split(',');
    if (rest.length > 0) throw badConfig('--overlap', text, 'N or N,MAXMS, such as 8 or 8,150');
    return { 'overlap.size': number(size), 'overlap.maxMs': number(maxMs) };
  },
  'reload.waitMs': (text) => {
    const [ms, late, ...rest] = String(text).split(',');
    if (rest.length > 0) throw badConfig('--reload-wait', text, 'MS or MS,old, such as 30000 or 5000,old');
    return { 'reload.waitMs': number(ms), 'reload.late': late };
  },
};

/** Returns the settings in their objects. Throws `BAD_CONFIG` for a wrong syntax. */
export function readOptions(options: WrittenOptions): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, { type, cli }] of SERVER_SETTINGS) {
    const value = cli !== undefined && 'flag' in cli ? options[attributeOf(cli)] : undefined;
    if (value === undefined) continue;
    const parts: Fields = COMPOSED[name]?.(value as string | true) ?? {
      [name]: type === 'integer' ? number(value as string) : value,
    };
    for (const [part, partValue] of Object.entries(parts)) setValueAt(written, part, partValue);
  }
  return written;
}

function range(text: string): Fields {
  const [, min, max] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (min === undefined || max === undefined) {
    const allowed = 'MIN-MAX in ms, such as 0-333, or off (a port goes before the option)';
    throw badConfig('--random-delay', text, allowed);
  }
  return { 'randomDelay.min': Number(min), 'randomDelay.max': Number(max) };
}

/** Converts digits to a number. Anything else is returned unchanged, so that the validator's error shows it as written. */
function number(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : text;
}
