const { readFile } = require('node:fs/promises');
const path = require('node:path');
const fastify = require('fastify')();

const state = { running: false, rows: 0, imports: 0 };

fastify.post('/import', async (_request, reply) => {
  if (state.running) return reply.code(409).send({ error: 'An import is under way' });
  state.running = true;
  try {
    const text = await readFile(path.join(__dirname, 'rows.csv'), 'utf8');
    const before = state.rows;
    const rows = await countRows(text);
    state.rows = before + rows;
    state.imports += 1;
    return { rows };
  } finally {
    state.running = false;
  }
});

async function countRows(text) {
  let rows = 0;
  for (const line of text.split('\n')) {
    if (line) rows += 1;
    // Other requests get their turn.
    await new Promise(setImmediate);
  }
  return rows;
}

fastify.get('/status', async () => ({
  consistent: state.rows === 3 * state.imports,
  running: state.running,
}));

fastify.listen({ port: process.env.PORT || 3000 });
