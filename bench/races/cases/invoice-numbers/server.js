const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

class Invoices extends EventEmitter {
  constructor(folder) {
    super();
    this.folder = folder;
    this.last = 0;
    this.on('written', (number) => {
      this.last = number;
    });
  }

  create(customer, callback) {
    const number = this.last + 1;
    const file = fs.createWriteStream(path.join(this.folder, `${number}.txt`));
    file.on('error', callback);
    file.on('finish', () => {
      this.emit('written', number);
      callback(null, number);
    });
    file.write(`Invoice ${number}\n`);
    file.end(`To ${customer}\n`);
  }
}

const invoices = new Invoices(fs.mkdtempSync(path.join(os.tmpdir(), 'invoices-')));
process.on('exit', () => fs.rmSync(invoices.folder, { recursive: true, force: true }));

http
  .createServer((req, res) => {
    const url = new URL(req.url, 'http://localhost');
    if (req.method === 'POST' && url.pathname === '/invoices') {
      invoices.create(url.searchParams.get('customer'), (error, number) => {
        res.statusCode = error ? 500 : 201;
        res.end(error ? 'failed' : `invoice ${number}`);
      });
      return;
    }
    if (url.pathname.startsWith('/invoices/')) {
      const name = path.basename(url.pathname);
      fs.createReadStream(path.join(invoices.folder, `${name}.txt`))
        .on('error', () => {
          res.statusCode = 404;
          res.end('no such invoice');
        })
        .pipe(res);
      return;
    }
    res.statusCode = 404;
    res.end();
  })
  .listen(process.env.PORT || 3000);
