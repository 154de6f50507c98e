/** The app under test for every subject that runs a plain node:http script. */
const http = require('node:http');
const { answer } = require('./answers.js');

http
  .createServer((req, res) => {
    res.setHeader('Content-Type', 'text/plain');
    res.end(answer(req.url));
  })
  .listen(Number(process.env.PORT), process.env.HOST);
