// A small web app with everything that gets interesting when requests overlap. It knows nothing of what runs it:
// `node examples/shop/server.js` serves it as well.
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { threadId } = require('node:worker_threads');
const { setTimeout: wait } = require('node:timers/promises');
const { WebSocketServer } = require('ws');
const store = require('./store.js');

const who = () => `process ${process.pid}, thread ${threadId}`;

const api = {
  'GET /api/quick': () => ({ who: who() }),
  'GET /api/slow': async () => {
    await wait(1000);
    return { who: who() };
  },
  // Busy, not waiting: while this runs, its worker can do nothing else.
  'GET /api/block': () => {
    const end = Date.now() + 1000;
    while (Date.now() < end);
    return { who: who() };
  },
  'GET /api/counter': async () => ({ value: await store.read() }),
  'POST /api/counter': async () => ({ value: await store.increment() }),
  'DELETE /api/counter': async () => {
    await store.reset();
    return { value: 0 };
  },
  'GET /api/crash': () => {
    setImmediate(() => {
      throw new Error('The shop is on fire');
    });
    return wait(1000);
  },
};

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/style.css': ['style.css', 'text/css'],
  '/app.js': ['app.js', 'text/javascript'],
};

const server = http.createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = files[pathname];
  if (request.method === 'GET' && file) {
    response.setHeader('Content-Type', file[1]);
    fs.createReadStream(path.join(__dirname, 'public', file[0])).pipe(response);
    return;
  }
  const handler = api[`${request.method} ${pathname}`];
  response.setHeader('Content-Type', 'application/json');
  if (!handler) {
    response.statusCode = 404;
    response.end('{"error":"not found"}');
    return;
  }
  response.end(JSON.stringify(await handler()));
});

const sockets = new WebSocketServer({ server, path: '/live' });
sockets.on('connection', (socket) => {
  socket.send(`You are talking to ${who()}.`);
  socket.on('message', (text) => socket.send(`${who()} heard: ${text}`));
});

server.listen(process.env.PORT || 3000, process.env.HOST || '127.0.0.1', () => {
  console.log(`The shop is open (${who()})`);
});
