const http = require('node:http');

const seats = { left: 1, names: [] };

/** Answers always later, never within the call, so that callers can rely on the order. */
function reserve(name, callback) {
  const { left } = seats;
  if (left === 0) return process.nextTick(callback, new Error('sold out'));
  validate(name, (error) => {
    if (error) return callback(error);
    queueMicrotask(() => {
      seats.left = left - 1;
      seats.names.push(name);
      process.nextTick(callback, null, seats.left);
    });
  });
}

function validate(name, callback) {
  process.nextTick(() => callback(/^[a-z]+$/.test(name) ? null : new Error('not a name')));
}

http
  .createServer((req, res) => {
    if (req.method === 'GET') return res.end(JSON.stringify({ left: seats.left, count: seats.names.length }));
    reserve(req.url.slice(1), (error, left) => {
      res.statusCode = error ? 410 : 201;
      res.end(error ? error.message : `${left} left`);
    });
  })
  .listen(process.env.PORT || 3000);
