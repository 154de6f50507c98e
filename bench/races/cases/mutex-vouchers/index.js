import { readFile } from 'node:fs/promises';
import Router from '@koa/router';
import { Mutex } from 'async-mutex';
import Koa from 'koa';

const vouchers = new Map([['SPRING', { left: 1, lock: new Mutex() }]]);
const router = new Router();

router.post('/redeem/:code', async (ctx) => {
  const voucher = vouchers.get(ctx.params.code);
  if (!voucher) ctx.throw(404);
  await voucher.lock.runExclusive(async () => {
    if (voucher.left < 1) ctx.throw(422, 'used up');
    const terms = await readFile(new URL('terms.txt', import.meta.url), 'utf8');
    voucher.left -= 1;
    ctx.body = { code: ctx.params.code, terms: terms.trim() };
  });
});

router.get('/vouchers/:code', (ctx) => {
  ctx.body = { left: vouchers.get(ctx.params.code).left };
});

new Koa().use(router.routes()).listen(process.env.PORT ?? 3000);
