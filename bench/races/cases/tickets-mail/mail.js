import { appendFile } from 'node:fs/promises';

/** In development mails go to a file. */
export const sendConfirmation = (to, text) => appendFile('outbox.txt', `${to}: ${text}\n`);
