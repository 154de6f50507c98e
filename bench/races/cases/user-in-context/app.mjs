import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';

const context = new AsyncLocalStorage();
const currentUser = () => context.getStore().user;

async function greeting() {
  const text = await readFile(new URL('./greeting.txt', import.meta.url), 'utf8');
  return text.trim().replace('NAME', currentUser());
}

const app = new Hono();

app.use((c, next) => context.run({ user: c.req.header('x-user') ?? 'guest' }, next));

app.get('/', async (c) => {
  const text = await greeting();
  await new Promise(setImmediate);
  return c.json({ text, user: currentUser() });
});

export default app;
