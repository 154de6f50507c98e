const http = require('node:http');

let started;

/** The address of an identity provider for development, which is started with the first login. */
exports.identity = () => {
  started ??= new Promise((resolve) => {
    const server = http.createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      res.setHeader('Content-Type', 'application/json');
      if (req.url === '/token') {
        const code = new URLSearchParams(body).get('code');
        return res.end(JSON.stringify({ access_token: `token-of-${code}` }));
      }
      const name = req.headers.authorization.split('-').at(-1);
      res.end(JSON.stringify({ name }));
    });
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
    server.unref();
  });
  return started;
};
