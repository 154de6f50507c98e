const Fastify = require('fastify');
const { startRates } = require('./rates.js');

const accounts = new Map([
  ['ada', { balance: 100, currency: 'EUR' }],
  ['ben', { balance: 0, currency: 'USD' }],
]);

const app = Fastify();

app.post('/transfers', async (request, reply) => {
  const from = accounts.get(request.body.from);
  const to = accounts.get(request.body.to);
  const left = from.balance - request.body.amount;
  if (left < 0) return reply.code(402).send({ error: 'not enough money' });

  const response = await fetch(`${app.ratesUrl}/rates/${from.currency}/${to.currency}`);
  const { rate } = await response.json();

  from.balance = left;
  to.balance += request.body.amount * rate;
  return { sent: request.body.amount, rate };
});

app.get('/accounts/:name', async (request) => accounts.get(request.params.name));

async function main() {
  app.decorate('ratesUrl', process.env.RATES_URL ?? (await startRates()));
  await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
}

void main();
