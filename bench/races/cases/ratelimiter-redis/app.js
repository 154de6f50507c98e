const express = require('express');
const Redis = require('ioredis');

const redis = new Redis(process.env.REDIS_URL);

/** So many requests of a client in a window, counted in Redis for all our servers. */
function Limiter(options) {
  this.max = options.max;
  this.duration = options.duration;
}

Limiter.prototype.take = function (id, callback) {
  const key = `limit:${id}:count`;
  const { max, duration } = this;
  redis.get(key, (error, value) => {
    if (error) return callback(error);
    const count = Number(value ?? 0);
    if (count >= max) return callback(null, { allowed: false, remaining: 0 });
    redis.set(key, count + 1, 'PX', duration, (error) => {
      if (error) return callback(error);
      callback(null, { allowed: true, remaining: max - count - 1 });
    });
  });
};

const limiter = new Limiter({ max: 3, duration: 3_600_000 });
const app = express();

app.get('/search', (req, res, next) => {
  limiter.take(req.query.client, (error, { allowed, remaining } = {}) => {
    if (error) return next(error);
    res.set('X-RateLimit-Remaining', String(remaining));
    if (allowed) res.json({ results: [], remaining });
    else res.status(403).json({ error: 'Rate limit exceeded' });
  });
});

app.get('/limits/:client', (req, res, next) => {
  redis.get(`limit:${req.params.client}:count`, (error, used) => {
    if (error) return next(error);
    res.json({ used: Number(used) });
  });
});

app.listen(process.env.PORT || 3000);
