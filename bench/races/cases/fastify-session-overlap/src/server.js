import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import Fastify from 'fastify';
import { titleOf } from './books.js';

const app = Fastify();

await app.register(fastifyCookie);
await app.register(fastifySession, {
  secret: 'a secret with a minimum length of 32 characters',
  cookie: { secure: false },
});

app.post('/login', async (request) => {
  request.session.reader = request.query.reader;
  request.session.read = [];
  return { hello: request.query.reader };
});

app.post('/read/:isbn', async (request) => {
  const { session } = request;
  const title = await titleOf(request.params.isbn);
  session.read = [...session.read, title];
  return { title };
});

app.get('/read', async (request) => request.session.read.toSorted());

await app.listen({ port: process.env.PORT ?? 3000 });
