import { createServer } from 'node:http';
import { LineReader } from './lines.mjs';

const reader = new LineReader();
const imported = new Map();

async function importPrices(req) {
  reader.reset();
  for await (const chunk of req) reader.push(chunk);
  const prices = {};
  for (const line of reader.lines()) {
    const [article, price] = line.split(';');
    prices[article] = Number(price);
  }
  return prices;
}

const server = createServer(async (req, res) => {
  const shop = req.url.slice(1);
  if (req.method === 'PUT') imported.set(shop, await importPrices(req));
  const prices = imported.get(shop);
  res.writeHead(prices ? 200 : 404, { 'content-type': 'application/json' });
  res.end(JSON.stringify(prices ?? null));
});

server.listen(process.env.PORT ?? 3000);
