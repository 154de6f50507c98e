const fs = require('fs');
const http = require('http');
const path = require('path');

const root = path.join(__dirname, 'albums');

function ensure(folder, callback) {
  fs.access(folder, (missing) => {
    if (!missing) return callback();
    fs.mkdir(folder, (err) => {
      if (err) throw err;
      callback();
    });
  });
}

function addPhoto(album, name, callback) {
  const folder = path.join(root, album);
  ensure(folder, () => {
    fs.writeFile(path.join(folder, name), 'pixels', (err) => {
      if (err) throw err;
      callback();
    });
  });
}

const server = http.createServer((req, res) => {
  const [, album, name] = req.url.split('/');
  if (req.method === 'PUT') {
    addPhoto(album, name, () => {
      res.writeHead(201);
      res.end(name);
    });
    return;
  }
  fs.readdir(path.join(root, album), (err, names) => {
    res.writeHead(err ? 404 : 200, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify(err ? [] : names.sort()));
  });
});

server.listen(process.env.PORT || 3000);
