import Fastify from 'fastify';
import Redis from 'ioredis';

const LIMIT = 2;
const redis = new Redis(process.env.REDIS_URL);
const app = Fastify();

app.addHook('preHandler', async (request, reply) => {
  if (request.method !== 'POST') return;
  const key = `quota:${request.headers['x-client']}`;
  const [, [, count]] = await redis.multi().set(key, 0, 'EX', 3600, 'NX').incr(key).exec();
  if (count > LIMIT) return reply.code(403).send({ error: 'quota exceeded' });
});

app.post('/render', async () => {
  await redis.incr('rendered');
  return { ok: true };
});

app.get('/stats', async () => ({ rendered: Number(await redis.get('rendered')) }));

await app.listen({ port: Number(process.env.PORT ?? 3000) });
