/** Reads settings of the table from values of unknown shape. */

import { setValueAt, splitName, valueAt } from '../settings/paths.ts';
import type { Setting } from '../settings/setting.ts';
import type { ServerSettingName } from '../settings/table.ts';
import type { Fields } from './fields.ts';

/**
 * Returns the given settings in their objects. Throws for the first wrong one, for an unknown field of an object, and for
 * two settings that contradict each other.
 *
 * @param auto whether the word `auto` may stand for a default
 */
export function readSettings(
  fields: Fields,
  settings: ReadonlyArray<readonly [ServerSettingName, Setting]>,
  { auto = false } = {},
): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  const objects = new Map<string, Fields | undefined>();
  for (const [name, setting] of settings) {
    const { object, field } = splitName(name);
    if (object !== undefined && !objects.has(object)) objects.set(object, fields.object(object));
    const holder = object === undefined ? fields : objects.get(object);
    if (holder === undefined) continue;
    const isAuto =
      auto && setting.type === 'integer' && setting.auto === true && holder.get(field) === 'auto';
    const value = isAuto ? undefined : readSetting(holder, field, setting, auto);
    if (value !== undefined) setValueAt(given, name, value);
  }
  for (const [object, holder] of objects) {
    holder?.end();
    // An empty object counts as given: to `set`, `overlap: {}` ends an `overlapNext`.
    if (holder !== undefined) given[object] ??= {};
  }
  checkDelay(fields, given);
  checkMaxWorkers(fields, given);
  return given;
}

/** Reads one setting by its type. Undefined if it is absent. */
export function readSetting(fields: Fields, field: string, setting: Setting, auto = false): unknown {
  switch (setting.type) {
    case 'boolean':
      return fields.boolean(field);
    case 'integer':
      return ruled(
        fields.integer(field, setting.min, setting.max, auto && setting.auto === true ? ', or auto' : ''),
        setting.rule,
        (value, allowed) => fields.refuse(field, value, allowed),
      );
    case 'choice':
      return fields.oneOf(field, Object.keys(setting.choices));
    case 'text':
      return ruled(fields.text(field, setting.rule?.allowed), setting.rule, (value, allowed) =>
        fields.refuse(field, value, allowed),
      );
    case 'list':
      return fields.texts(field, setting.allowed, setting.fits);
    case 'map':
      return fields.textMap(field);
  }
}

function ruled<T>(
  value: T | undefined,
  rule: { fits(value: T): boolean; allowed: string } | undefined,
  refuse: (value: T, allowed: string) => Error,
): T | undefined {
  if (value === undefined || rule === undefined || rule.fits(value)) return value;
  throw refuse(value, rule.allowed);
}

function checkDelay(fields: Fields, given: Record<string, unknown>): void {
  const min = valueAt(given, 'randomDelay.min') as number | undefined;
  const max = valueAt(given, 'randomDelay.max') as number | undefined;
  if (min === undefined || max === undefined || min <= max) return;
  throw fields.refuse('randomDelay.min', min, `at most max, which is ${max}`);
}

function checkMaxWorkers(fields: Fields, { workers, maxWorkers }: Record<string, unknown>): void {
  if (typeof workers === 'number') requireRoom(fields, maxWorkers as number | undefined, workers);
}

/** Throws unless there is room for the workers that are always kept. */
export function requireRoom(fields: Fields, maxWorkers: number | undefined, workers: number): void {
  if (maxWorkers === undefined || maxWorkers >= workers) return;
  throw fields.refuse('maxWorkers', maxWorkers, `at least the number of workers, which is ${workers}`);
}
