/**
 * `/proc/PID/stat` of Linux (proc(5)) after pid and name: state, parent and so on. The name, in brackets, may itself
 * hold brackets and spaces, so fields are counted from the last one on.
 */
export function statFields(text: string): string[] | undefined {
  const close = text.lastIndexOf(')');
  return close < 0 ? undefined : text.slice(close + 2).split(' ');
}

/** When the process started, in clock ticks since the system's start. */
export function startTimeIn(fields: readonly string[] | undefined): string | undefined {
  return fields?.[19];
}
