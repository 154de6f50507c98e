const { readFile, rename, writeFile } = require('node:fs').promises;
const path = require('node:path');
const fastify = require('fastify')();

const profile = path.join(__dirname, 'data', 'profile.json');

/** A reader sees the old file or the new one, and never a half of it. */
async function writeFileAtomic(target, text) {
  const staging = `${target}.tmp-${process.pid}`;
  await writeFile(staging, text);
  await rename(staging, target);
}

fastify.put('/profile', async (request) => {
  await writeFileAtomic(profile, JSON.stringify(request.body));
  return { saved: request.body.name };
});

fastify.get('/profile', async () => JSON.parse(await readFile(profile, 'utf8')));

fastify.listen({ port: process.env.PORT || 3000 });
