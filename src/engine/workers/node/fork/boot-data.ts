/** The start data of a fork worker: inherited descriptors and one environment variable. */

import type { TerminalProperties } from '../../../../wire/terminal.ts';

/** Name of the variable that carries {@link ForkBootData} as JSON; removed before the app runs. */
export const BOOT_VARIABLE = 'CONCURRENT_SERVER_WORKER';

/**
 * Descriptors of the wire, one for each direction. A write that fails because the other side has exited closes its
 * descriptor, but the last messages of a worker must still be readable then.
 */
export const OUT_FD = 3;
export const IN_FD = 5;
/** The watchdog reads this descriptor. It ends when the server dies. */
export const WATCHDOG_FD = 4;

/**
 * The first byte in the watchdog's pipe: the process is in the ledger and may run the app. If the pipe ends without it,
 * the process exits.
 */
export const GO = Buffer.from([1]);

export interface ForkBootData {
  entry: string;
  /** Base64; see wire/output-marks.ts. */
  secret: string;
  terminal: TerminalProperties;
  /** See {@link RunnerOptions.races}. */
  races?: string | undefined;
}

/** The start data of the watchdog thread. */
export interface WatchdogData {
  claims: Int32Array;
}

/** Front → watchdog: u32 request id, u32 slot. Watchdog → front: u32 slot, u8 (1: revoked, 0: started). */
export const REVOKE_BYTES = 8;
export const REVOKED_BYTES = 5;
