/** The allowed forms of texts in settings. */
import { isIP } from 'node:net';
import path from 'node:path';

export const ADDRESS = {
  fits: (text: string) => isIP(text) !== 0 || isHostName(text),
  allowed: 'an IP address or a host name, such as 127.0.0.1, ::1 or localhost',
};

export const ABSOLUTE_PATH = { fits: path.isAbsolute, allowed: 'an absolute path' };

export const ALLOWED_HOST = {
  fits: (text: string) => isIP(text) !== 0 || isHostName(text.startsWith('.') ? text.slice(1) : text),
  allowed: 'a host name such as my.test or .my.test',
};

/** A glob that starts with a letter would never match, because a path starts with `/`. */
export const ROUTE = {
  fits: (text: string) => text.length <= 1000 && /^(?:[A-Za-z]+ +)?[^\sA-Za-z0-9]\S*$/.test(text.trim()),
  allowed: "a path glob such as /api/** or 'POST /cart/*'",
};

/** The root of a file system is too much to watch. */
export const FILES = {
  fits(text: string): boolean {
    const name = text.trim().replace(/^!/, '');
    const isRoot = /^(?:[A-Za-z]:)?[\\/]+(?:\*|$)/.test(name);
    return text.length <= 1000 && name !== '' && !name.startsWith('!') && !isRoot;
  },
  allowed: 'a file, a folder or a glob, such as views or views/**; with ! before it, one that does not count',
};

/** RFC 1123, section 2.1. An underscore is allowed, as in resolvers. Only digits and dots is a mistyped address. */
function isHostName(text: string): boolean {
  if (text.length > 253 || /^[\d.]+$/.test(text)) return false;
  return text.split('.').every((part) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(part));
}
