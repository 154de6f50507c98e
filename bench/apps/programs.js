// Runs the number of programs in the request (`/?spawn=5000`), some at a time, and answers once all have exited.
const { execFile, spawn } = require('node:child_process');
const http = require('node:http');

const AT_A_TIME = 16;

const WAYS = {
  spawn: (done) => spawn('/bin/true', { stdio: 'ignore' }).once('exit', done),
  execFile: (done) => execFile('/bin/true', done),
};

http
  .createServer((request, response) => {
    const [[way, count]] = new URL(request.url, 'http://localhost').searchParams;
    let left = Number(count);
    let running = 0;
    const next = () => {
      if (left === 0 && running === 0) response.end('done');
      for (; left > 0 && running < AT_A_TIME; left -= 1) {
        running += 1;
        WAYS[way](() => {
          running -= 1;
          next();
        });
      }
    };
    next();
  })
  .listen(process.env.PORT);
