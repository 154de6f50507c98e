import { setTimeout as wait } from 'node:timers/promises';
import Fastify from 'fastify';
import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 1 });
const printer = { paper: 3, jobs: [] };

async function print(job, pages) {
  const { paper } = printer;
  if (paper < pages) return { printed: 0, paper };
  await wait(pages); // it is slow
  printer.paper = paper - pages;
  printer.jobs.push(job);
  return { printed: pages, paper: printer.paper };
}

const app = Fastify();
app.post('/jobs/:name/:pages', (request) => {
  const { name, pages } = request.params;
  return queue.add(() => print(name, Number(pages)));
});
app.get('/printer', () => queue.onIdle().then(() => ({ paper: printer.paper, jobs: printer.jobs.length })));

await app.listen({ port: Number(process.env.PORT ?? 3000) });
