/**
 * The load client: a separate process, forked once per run, which gets its jobs over IPC. Each job opens new
 * connections, so none of them meets a server's keep-alive time-out.
 */
import { Connection, getRequest } from './connection.mjs';
import { median, percentile } from './stats.mjs';

const jobs = { throughput, visitors, latency, pageLoad, besideBlocked };

process.on('message', async ({ id, job, args }) => {
  try {
    process.send({ id, result: await jobs[job](args) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.on('disconnect', () => process.exit(0));

const open = (port, count) => Promise.all(Array.from({ length: count }, () => Connection.open(port)));

/** Requests as fast as answers come, on `connections` at once, for `seconds` or about `atMost` requests. */
async function throughput({ port, target, connections, seconds, atMost = Number.POSITIVE_INFINITY }) {
  const pool = await open(port, connections);
  const request = getRequest(port, target);
  const start = performance.now();
  const end = start + seconds * 1000;
  let answered = 0;
  let failed = 0;
  const drive = (connection) =>
    new Promise((resolve) => {
      const onEnd = () => {
        failed++;
        resolve();
      };
      const onAnswer = (status) => {
        // Answers after the end are awaited, so that no request is aborted, but not counted.
        if (performance.now() >= end || answered >= atMost) return resolve();
        if (status === 200) answered++;
        else failed++;
        connection.send(request, onAnswer, onEnd);
      };
      connection.send(request, onAnswer, onEnd);
    });
  await Promise.all(pool.map(drive));
  for (const connection of pool) connection.close();
  return { perSecond: answered / seconds, failed };
}

/** One request after another on one connection: the median time, in ms, after `warm` that do not count. */
async function latency({ port, warm, requests }) {
  const [connection] = await open(port, 1);
  const request = getRequest(port, '/');
  const times = [];
  for (let i = -warm; i < requests; i++) {
    const start = performance.now();
    await connection.get(request);
    if (i >= 0) times.push(performance.now() - start);
  }
  connection.close();
  return { p50: median(times), p90: percentile(times, 0.9) };
}

/**
 * A page as a returning browser loads it: the connections are open and have each carried a request; the blocking
 * request goes first, on connection `blocker`, and the others take the quick ones as they become free.
 */
async function pageLoad({ port, connections, quick, blockMs, blocker }) {
  const pool = await open(port, connections);
  const request = getRequest(port, '/');
  for (const connection of pool) await connection.get(request);
  pool.unshift(...pool.splice(blocker % connections, 1));
  let left = quick;
  let done = 0;
  let failed = 0;
  const start = performance.now();
  let quickMs = 0;
  const drive = async (connection, first) => {
    if (first !== undefined) await connection.get(first);
    while (left > 0) {
      left--;
      if ((await connection.get(request)) !== 200) failed++;
      if (++done === quick) quickMs = performance.now() - start;
    }
  };
  const blocking = getRequest(port, `/block?${blockMs}`);
  await Promise.all(pool.map((connection, i) => drive(connection, i === 0 ? blocking : undefined)));
  for (const connection of pool) connection.close();
  return { quickMs, failed };
}

/**
 * Quick requests at a steady pace, each on a free connection, while another connection always has one open request that
 * blocks its worker. A request that finds no free connection waits, and its wait counts.
 */
async function besideBlocked({ port, connections, blockMs, everyMs, seconds }) {
  const [background, ...free] = await open(port, connections + 1);
  const pool = [...free];
  const blocking = getRequest(port, `/block?${blockMs}`);
  const request = getRequest(port, '/');
  for (const connection of pool) await connection.get(request);
  let running = true;
  let blocks = 0;
  const blocked = (async () => {
    while (running) {
      await background.get(blocking);
      blocks++;
    }
  })();
  const times = [];
  const waiting = [];
  let failed = 0;
  const take = () => {
    while (free.length > 0 && waiting.length > 0) {
      const connection = free.pop();
      const start = waiting.shift();
      const done = () => {
        times.push(performance.now() - start);
        // To the front, so that every connection takes its turn.
        free.unshift(connection);
        take();
      };
      connection.send(
        request,
        (status) => {
          if (status !== 200) failed++;
          done();
        },
        () => failed++,
      );
    }
  };
  const start = performance.now();
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      waiting.push(performance.now());
      take();
      if (performance.now() - start < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, everyMs);
  });
  running = false;
  await blocked;
  while (free.length < pool.length && failed === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const connection of [background, ...pool]) connection.close();
  return { max: Math.max(...times), p99: percentile(times, 0.99), p50: median(times), blocks, failed };
}

/** Like `throughput`, for servers that may end a connection with each answer (`closes`). */
async function visitors({ port, target, connections, seconds, closes }) {
  const request = getRequest(port, target);
  const start = performance.now();
  const end = start + seconds * 1000;
  let answered = 0;
  let failed = 0;
  const drive = async () => {
    let connection;
    while (performance.now() < end) {
      try {
        connection ??= await Connection.open(port);
        if ((await connection.get(request)) === 200) answered++;
        else failed++;
        if (!closes) continue;
      } catch {
        failed++;
      }
      connection?.close();
      connection = undefined;
    }
    connection?.close();
  };
  await Promise.all(Array.from({ length: connections }, drive));
  return { answered, perSecond: answered / ((performance.now() - start) / 1000), failed };
}
