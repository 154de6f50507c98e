/** How long a worker has waited for the app's own server, once something listens; see {@link Patience}. */
import type { Patience } from '../../../../wire/frames.ts';

/** Turns of a timer count, and not one long one: a loop that was blocked has brought the app no further. */
const TURN_MS = 10;
const TURNS: Readonly<Record<1 | 2, number>> = { 1: 100, 2: 300 };
/** The same if nothing is under way: after so many turns in a row the app is not between two steps. */
const QUIET_TURNS: Readonly<Record<1 | 2, number>> = { 1: 5, 2: 50 };

/**
 * @param isQuiet nothing but the open servers keeps the event loop alive, as far as Node knows: the work of native code
 * is not seen, so that a server that is expected has some time even then
 * @param tell called with 1, then with 2
 */
export function countPatience(isQuiet: () => boolean, tell: (patience: Patience) => void): void {
  let turns = 0;
  let quiet = 0;
  let told: Patience = 0;
  const turn = (): void => {
    turns += 1;
    quiet = isQuiet() ? quiet + 1 : 0;
    if (told === 0 && (turns >= TURNS[1] || quiet >= QUIET_TURNS[1])) {
      told = 1;
      tell(told);
    }
    if (turns >= TURNS[2] || quiet >= QUIET_TURNS[2]) tell(2);
    else setTimeout(turn, TURN_MS).unref();
  };
  setTimeout(turn, TURN_MS).unref();
}
