/** Finds what a person may have meant. */

/** More mistakes than this make another word. */
const MAX_MISTAKES = 2;

/** Another name that is at most two typing mistakes away; undefined if there is none. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.min(MAX_MISTAKES, name.length - 1) + 1;
  for (const candidate of known) {
    const mistakes = mistakesBetween(name.toLowerCase(), candidate.toLowerCase());
    if (mistakes >= least || candidate === name) continue;
    least = mistakes;
    nearest = candidate;
  }
  return nearest;
}

/** Characters that are missing, too many, wrong, or exchanged with their neighbour (optimal string alignment). */
function mistakesBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_MISTAKES) return MAX_MISTAKES + 1;
  let [last, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        row[j]! + 1,
        next[j - 1]! + 1,
        row[j - 1]! + wrong,
        exchanged ? last[j - 2]! + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [last, row] = [row, next];
  }
  return row[b.length]!;
}
