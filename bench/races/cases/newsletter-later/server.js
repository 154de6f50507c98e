const { EventEmitter, once } = require('node:events');
const { createGzip } = require('node:zlib');
const fastify = require('fastify')();

const jobs = new EventEmitter();
const subscribers = { list: [], packed: 0 };

async function packed(text) {
  const gzip = createGzip();
  gzip.end(text);
  let size = 0;
  gzip.on('data', (chunk) => {
    size += chunk.length;
  });
  await once(gzip, 'end');
  return size;
}

// The visitor need not wait for this.
jobs.on('subscribe', async (email) => {
  const list = [...subscribers.list, email];
  const size = await packed(list.join('\n'));
  Object.assign(subscribers, { list, packed: size });
});

fastify.post('/subscribe', async (request, reply) => {
  jobs.emit('subscribe', request.body.email);
  reply.code(202);
  return { accepted: true };
});

fastify.get('/subscribers', async () => [...subscribers.list].sort());

fastify.listen({ port: process.env.PORT || 3000 });
