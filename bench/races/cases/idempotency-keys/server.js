const crypto = require('node:crypto');
const { setTimeout: wait } = require('node:timers/promises');
const Koa = require('koa');

const payments = [];
const answers = new Map();

async function pay(amount) {
  await wait(10); // the bank
  const payment = { reference: crypto.randomUUID(), amount, at: new Date().toISOString() };
  payments.push(payment);
  return payment;
}

const app = new Koa();

app.use(async (ctx, next) => {
  if (ctx.method !== 'POST') return next();
  const key = ctx.get('idempotency-key');
  // A second request with the key awaits the first one's payment.
  if (!answers.has(key)) answers.set(key, pay(Number(ctx.query.amount)));
  ctx.body = await answers.get(key);
  ctx.status = 201;
});

app.use((ctx) => {
  ctx.body = payments.map(({ amount }) => amount);
});

app.listen(process.env.PORT || 3000);
