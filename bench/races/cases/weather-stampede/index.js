const http = require('node:http');
const express = require('express');

// The weather service bills each call. In development it is this one.
let billed = 0;
const service = http.createServer((req, res) => {
  billed += 1;
  res.setHeader('Content-Type', 'application/json');
  res.end(JSON.stringify({ city: req.url.slice(1), sky: 'clear' }));
});

class Cache {
  #entries = new Map();

  async wrap(key, load) {
    if (!this.#entries.has(key)) this.#entries.set(key, await load());
    return this.#entries.get(key);
  }
}

const cache = new Cache();
const app = express();

app.get('/weather/:city', async (req, res) => {
  const { city } = req.params;
  const weather = await cache.wrap(city, async () => {
    const answer = await fetch(`http://127.0.0.1:${service.address().port}/${city}`);
    return answer.json();
  });
  res.json(weather);
});

app.get('/billing', (_req, res) => res.json({ billed }));

service.listen(0, '127.0.0.1', () => app.listen(process.env.PORT || 3000));
