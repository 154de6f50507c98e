/** Local replies, and those that need no facts about a worker. */
import type { SourceLocation } from '../../protocol/messages.ts';

/** An answer of the server itself instead of the app. */
export interface LocalReply {
  status: number;
  title: string;
  /** Plain text, one entry per paragraph. */
  paragraphs: string[];
  /** Named blocks of text, such as the last log lines. */
  sections?: Array<{ title: string; text: string }>;
  retryAfterSeconds?: number;
  /** The location of the cause in the app's source. */
  source?: SourceLocation & { frame?: string };
  /** New code may help: an error page reloads when there is some. */
  awaitsCode?: boolean;
  /** The text for the request log. */
  failure: string;
}

/** The most requests that may wait for a worker; more are refused, to limit memory. */
export const QUEUE_LIMIT = 1024;

export const STOPPING: LocalReply = {
  status: 503,
  title: 'Stopping',
  paragraphs: ['The server is stopping.'],
  failure: 'stopping',
};

export const OVERLOADED: LocalReply = {
  status: 503,
  title: 'Too many requests are waiting',
  paragraphs: [`All workers are busy or blocked, and ${QUEUE_LIMIT} requests already wait for one.`],
  retryAfterSeconds: 1,
  failure: 'queue full',
};

/** Requests have waited for new code for the longest time allowed. */
export const STILL_STARTING: LocalReply = {
  status: 503,
  title: 'The new code is still starting',
  paragraphs: ['Files changed and the app was restarted, but it does not accept requests yet.'],
  retryAfterSeconds: 1,
  awaitsCode: true,
  failure: 'still starting',
};

export const TOO_SLOW: LocalReply = {
  status: 408,
  title: 'Request timeout',
  paragraphs: ['The request did not arrive in time.'],
  failure: 'timed out',
};

export const BAD_RESPONSE: LocalReply = {
  status: 502,
  title: 'Bad response',
  paragraphs: [
    'The app sent something that is not an HTTP response, or a response whose head is longer than 1 MiB.',
  ],
  failure: 'bad response',
};

/** @param reason a sentence without a full stop */
export function badRequest(status: number, reason: string): LocalReply {
  return { status, title: 'Bad request', paragraphs: [`${reason}.`], failure: 'bad request' };
}
