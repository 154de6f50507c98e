/** The ports that are tried if one is taken. Pure. */

/** How many. */
const NEXT_PORTS = 50;
const LAST_PORT = 65_535;

export function portsAfter(taken: number): number[] {
  const count = Math.max(0, Math.min(NEXT_PORTS, LAST_PORT - taken));
  return Array.from({ length: count }, (_, at) => taken + 1 + at);
}
