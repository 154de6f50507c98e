const fs = require('node:fs/promises');
const path = require('node:path');
const Koa = require('koa');

const FILE = path.join(__dirname, 'data', 'guestbook.json');

class Guestbook {
  async entries() {
    return JSON.parse(await fs.readFile(FILE, 'utf8'));
  }

  async sign(name, text) {
    const entries = await this.entries();
    entries.push({ name, text });
    await fs.writeFile(FILE, JSON.stringify(entries, null, 2));
    return entries.length;
  }
}

const guestbook = new Guestbook();
const app = new Koa();

app.use(async (ctx, next) => {
  if (ctx.method === 'POST' && ctx.path === '/entries') {
    const { name, text } = ctx.query;
    ctx.body = { thanks: name, entries: await guestbook.sign(name, text) };
    ctx.status = 201;
    return;
  }
  await next();
});

app.use(async (ctx) => {
  if (ctx.path === '/entries') ctx.body = (await guestbook.entries()).map(({ name }) => name).sort();
});

app.listen(process.env.PORT || 3000);
