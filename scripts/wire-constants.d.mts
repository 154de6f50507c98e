/** Path of the written file from the root. */
export const CONSTANTS: string;
/** The text of the file as it should be. */
export function constantsText(): Promise<string>;
