/** The loader's half in the thread of Node's hooks, before Node 22.15. */
import { type Loaded, markedModule, type Users } from './user-source.ts';

let users: Users = { folders: [] };

export function initialize(data: Users): void {
  users = data;
}

export async function load(
  url: string,
  context: object,
  next: (url: string, context: object) => Promise<Loaded>,
): Promise<Loaded> {
  return markedModule(url, await next(url, context), users);
}
