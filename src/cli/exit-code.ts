/** The exit codes of the command line. */
import type { WireError } from '../protocol/errors.ts';

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
const EXIT_PORT_TAKEN = 3;
const EXIT_NO_APP = 4;

export function exitCodeOf(error: WireError | undefined): number {
  switch (error?.code) {
    case undefined:
      return EXIT_OK;
    case 'BAD_CONFIG':
      return EXIT_USAGE;
    case 'PORT_TAKEN':
      return EXIT_PORT_TAKEN;
    case 'NO_APP':
      return EXIT_NO_APP;
    default:
      return EXIT_FAILED;
  }
}
