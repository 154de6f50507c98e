/** The same app as apps/server.js behind node:cluster, with its default scheduling. */
const cluster = require('node:cluster');

if (cluster.isPrimary) {
  for (let i = 0; i < Number(process.env.BENCH_WORKERS); i++) cluster.fork();
} else {
  require('./server.js');
}
