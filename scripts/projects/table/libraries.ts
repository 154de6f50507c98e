/** Examples of well-known libraries for APIs and sockets. */
import type { Project } from '../project.ts';

const group = 'Libraries';
const JSON_TYPE = { 'content-type': 'application/json' };

const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const INSTALL = 'npm install --no-audit --no-fund --loglevel=error';

const manifest = (scripts: Record<string, string>, type = 'commonjs'): string =>
  `${JSON.stringify({ private: true, type, scripts })}\n`;

const YOGA = `import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';

const yoga = createYoga({
  schema: createSchema({
    typeDefs: 'type Query { hello(name: String): String } type Mutation { double(n: Int!): Int! }',
    resolvers: {
      Query: { hello: (_, { name = 'world' }) => 'Hello ' + name },
      Mutation: { double: (_, { n }) => 2 * n },
    },
  }),
});
createServer(yoga).listen(4000, () => console.log('http://localhost:4000/graphql'));
`;

const APOLLO = `import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const typeDefs = 'type Book { title: String author: String } type Query { books: [Book] } type Mutation { double(n: Int!): Int! }';
const books = [{ title: 'The Awakening', author: 'Kate Chopin' }, { title: 'City of Glass', author: 'Paul Auster' }];
const resolvers = { Query: { books: () => books }, Mutation: { double: (_, { n }) => 2 * n } };
const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, { listen: { port: Number(process.env.PORT ?? 4000) } });
console.log('Server ready at ' + url);
`;

const FEATHERS = `import { feathers } from '@feathersjs/feathers';
import express, { errorHandler, json, notFound, rest, urlencoded } from '@feathersjs/express';
import socketio from '@feathersjs/socketio';

class Messages {
  messages = [{ id: 0, text: 'Welcome' }];
  async find() {
    return this.messages;
  }
  async create(data) {
    const message = { id: this.messages.length, text: data.text };
    this.messages.push(message);
    return message;
  }
}

const app = express(feathers());
app.use(json());
app.use(urlencoded({ extended: true }));
app.configure(rest());
app.configure(socketio());
app.use('messages', new Messages());
app.use(notFound());
app.use(errorHandler({ html: false }));
app.listen(process.env.PORT || 3030);
`;

/** socket.io's own greeting over a WebSocket: open, connect, connected. */
const socketIo = (...steps: readonly ({ send: string } | { wait: string })[]) => ({
  path: '/socket.io/?EIO=4&transport=websocket',
  steps: [{ wait: '0{' }, { send: '40' }, { wait: '40{' }, ...steps],
});

export const libraries: readonly Project[] = [
  {
    kind: 'served',
    name: 'yoga',
    title: 'GraphQL Yoga (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node server.js' }, 'module'), 'server.js': YOGA } },
      { npm: ['graphql-yoga@5', 'graphql@16'] },
    ],
    versions: ['graphql-yoga', 'graphql'],
    bare: 'node server.js',
    barePort: 4000,
    requests: [
      { path: '/graphql?query=%7Bhello%7D' },
      { path: '/graphql', headers: { accept: 'text/html' } },
      { path: '/missing' },
      { method: 'POST', path: '/graphql', headers: JSON_TYPE, body: '{"query":"mutation { double(n: 4) }"}' },
      { method: 'POST', path: '/graphql', headers: JSON_TYPE, body: '{"query":"{ nothing }"}' },
    ],
    change: {
      file: 'server.js',
      from: "'Hello '",
      to: "'Good day '",
      path: '/graphql?query=%7Bhello%7D',
      sees: 'Good day world',
    },
  },
  {
    kind: 'served',
    name: 'apollo',
    title: 'Apollo Server, standalone (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node index.js' }, 'module'), 'index.js': APOLLO } },
      { npm: ['@apollo/server@5', 'graphql@16'] },
    ],
    versions: ['@apollo/server', 'graphql'],
    bare: 'node index.js',
    requests: [
      { path: '/', headers: { accept: 'text/html' } },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{"query":"{ books { title author } }"}' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{"query":"mutation { double(n: 4) }"}' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{"query":"{ nothing }"}' },
      { path: '/?query=%7Bbooks%7Btitle%7D%7D', headers: JSON_TYPE },
    ],
    change: {
      file: 'index.js',
      from: 'City of Glass',
      to: 'Moon Palace',
      path: '/?query=%7Bbooks%7Btitle%7D%7D',
      headers: { 'apollo-require-preflight': 'true' },
      sees: 'Moon Palace',
    },
    masks: ['"stacktrace":\\[[^\\]]*\\]', 'nonce[^>]*'],
  },
  {
    kind: 'served',
    name: 'socket-io-chat',
    title: 'socket.io `chat`',
    group,
    get: [
      { github: 'socketio/socket.io', folders: ['examples/chat'] },
      { run: `cd examples/chat && ${INSTALL}` },
    ],
    folder: 'examples/chat',
    versions: ['socket.io', 'express'],
    bare: 'node index.js',
    requests: [
      { path: '/' },
      { path: '/socket.io/socket.io.js' },
      { path: '/socket.io/?EIO=4&transport=polling' },
      { path: '/missing' },
      { method: 'POST', path: '/socket.io/?EIO=4&transport=polling&sid=unknown', body: '40' },
    ],
    talk: socketIo({ send: '42["add user","me"]' }, { wait: '42["login",{"numUsers":1}]' }),
    masks: ['"sid":"[^"]*"'],
    change: { file: 'public/index.html', from: "What's your nickname?", to: 'Who are you?', path: '/' },
  },
  {
    kind: 'served',
    name: 'feathers',
    title: 'Feathers on Express, with socket.io (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node app.js' }, 'module'), 'app.js': FEATHERS } },
      { npm: ['@feathersjs/feathers@5', '@feathersjs/express@5', '@feathersjs/socketio@5'] },
    ],
    versions: ['@feathersjs/feathers'],
    bare: 'node app.js',
    requests: [
      { path: '/messages' },
      { path: '/missing' },
      { method: 'POST', path: '/messages', headers: JSON_TYPE, body: '{"text":"one"}' },
    ],
    talk: socketIo({ send: '420["find","messages",{}]' }, { wait: '430[null,[{"id":0,"text":"Welcome"}' }),
    change: {
      file: 'app.js',
      from: "text: 'Welcome'",
      to: "text: 'Moon'",
      path: '/messages',
      sees: '"Moon"',
    },
    note: 'its messages are in a variable, so each worker has its own; production with several processes does the same.',
  },
  {
    kind: 'served',
    name: 'passport-todos',
    title: 'Passport’s `todos-express-password` (sqlite3)',
    group,
    get: [
      { github: 'passport/todos-express-password', folders: ['.'] },
      { run: INSTALL },
      { run: 'node -e "require(\'./db\')" && sleep 1' },
    ],
    versions: ['express', 'passport', 'sqlite3'],
    bare: 'node ./bin/www',
    requests: [
      { path: '/' },
      { path: '/login' },
      { path: '/signup' },
      { path: '/missing' },
      { method: 'POST', path: '/signup', headers: FORM_TYPE, body: 'username=a&password=b' },
    ],
    state: ['var'],
    masks: ['name="_csrf" value="[^"]*"', 'connect.sid=[^;]*', 'at [^\\n]*'],
    change: { file: 'views/login.ejs', from: 'Sign in', to: 'Come in', path: '/login' },
  },
];
