/** Names of settings as paths into a configuration. */

/** `reload.waitMs` in its parts; `object` is undefined for a field that stands alone. */
export function splitName(name: string): { object: string | undefined; field: string } {
  const at = name.indexOf('.');
  return at < 0
    ? { object: undefined, field: name }
    : { object: name.slice(0, at), field: name.slice(at + 1) };
}

/** The field of a configuration that holds a setting: `reload` for `reload.waitMs`. */
export function objectOrField(name: string): string {
  const { object, field } = splitName(name);
  return object ?? field;
}

/** The value of a setting in a configuration. */
export function valueAt(config: object, name: string): unknown {
  const { object, field } = splitName(name);
  const holder = (object === undefined ? config : (config as Record<string, unknown>)[object]) as
    | Record<string, unknown>
    | undefined;
  return holder?.[field];
}

/** Sets the value of a setting in a configuration, and makes its object if there is none. */
export function setValueAt(config: Record<string, unknown>, name: string, value: unknown): void {
  const { object, field } = splitName(name);
  if (object === undefined) config[field] = value;
  else config[object] = { ...(config[object] as object | undefined), [field]: value };
}
