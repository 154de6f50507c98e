const http = require('node:http');

/** The exchange service of our partner, for development: any pair costs the same. */
exports.startRates = () =>
  new Promise((resolve) => {
    const server = http.createServer((_req, res) => {
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ rate: 2 }));
    });
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
