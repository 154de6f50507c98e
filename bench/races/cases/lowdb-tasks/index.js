import Router from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import { JSONFilePreset } from 'lowdb/node';

const db = await JSONFilePreset('db.json', { tasks: [] });
const router = new Router();

router.post('/tasks', async (ctx) => {
  await db.read();
  db.data.tasks.push({ title: ctx.request.body.title, done: false });
  await db.write();
  ctx.status = 201;
  ctx.body = { title: ctx.request.body.title };
});

router.get('/tasks', async (ctx) => {
  await db.read();
  ctx.body = db.data.tasks.map(({ title }) => title).sort();
});

new Koa()
  .use(bodyParser())
  .use(router.routes())
  .listen(process.env.PORT ?? 3000);
