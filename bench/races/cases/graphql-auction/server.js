import { createServer } from 'node:http';
import { createHandler } from 'graphql-http/lib/use/http';
import { rootValue, schema } from './schema.js';

const handler = createHandler({ schema, rootValue });

createServer((req, res) => {
  if (req.url.startsWith('/graphql')) return handler(req, res);
  res.writeHead(404).end();
}).listen(process.env.PORT ?? 3000);
