/**
 * The fields of `/proc/PID/stat` of Linux (proc(5)) after pid and name: state, parent and so on. The name in brackets may
 * have brackets and spaces too, so the fields start after the last bracket.
 */
export function statFields(text: string): string[] | undefined {
  const close = text.lastIndexOf(')');
  return close < 0 ? undefined : text.slice(close + 2).split(' ');
}

/** The start of the process, in clock ticks since the system's start. */
export function startTimeIn(fields: readonly string[] | undefined): string | undefined {
  return fields?.[19];
}
