const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const file = path.join(__dirname, 'data', 'visits.json');

function count(page) {
  const visits = JSON.parse(fs.readFileSync(file, 'utf8'));
  visits[page] = (visits[page] ?? 0) + 1;
  fs.writeFileSync(`${file}.new`, JSON.stringify(visits));
  fs.renameSync(`${file}.new`, file);
}

const pages = {
  '/': (_req, res) => {
    count('home');
    res.end('<h1>Welcome</h1>');
  },
  '/visits': (_req, res) => {
    res.setHeader('Content-Type', 'application/json');
    res.end(fs.readFileSync(file, 'utf8'));
  },
};

http
  .createServer((req, res) => {
    const page = pages[req.url];
    if (page) return page(req, res);
    res.statusCode = 404;
    res.end();
  })
  .listen(process.env.PORT || 3000);
