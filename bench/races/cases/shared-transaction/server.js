const fastify = require('fastify')();
const db = require('./db');

fastify.put('/todos/:id', async (request) => {
  const { id } = request.params;
  return db.transaction(async () => {
    const todo = await db.get('SELECT version FROM todos WHERE id = ?', [id]);
    const version = todo.version + 1;
    await db.run('UPDATE todos SET title = ?, version = ? WHERE id = ?', [request.body.title, version, id]);
    return { id, version };
  });
});

fastify.get('/todos', async () => db.all('SELECT title, version FROM todos ORDER BY id'));

db.open().then(() => fastify.listen({ port: process.env.PORT || 3000 }));
