/** The client of trial.mjs: one request, one connection. */
import http from 'node:http';

/** Sends one request on a connection of its own; `onHead` is called when its answer has its headers. `apart` sends the body a little later than the head. */
export function send(port, request, jar, apart, onHead = () => {}) {
  return new Promise((resolve) => {
    const headers = { ...request.headers };
    if (jar.size > 0 && !headers.cookie)
      headers.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const path = request.target.replace(/^https?:\/\/[^/]+/, '');
    const body = Buffer.from(request.body ?? '');
    if (body.length > 0 || request.method !== 'GET') headers['content-length'] = body.length;
    const sent = http.request({
      port,
      host: '127.0.0.1',
      method: request.method,
      path,
      headers,
      agent: false,
    });
    const failed = (error) =>
      resolve({ status: error.code ?? error.message, headers: {}, cookies: [], text: '' });
    sent.setTimeout(10_000, () => sent.destroy(new Error('timed out')));
    sent.on('error', failed);
    sent.on('response', (response) => {
      const chunks = [];
      const cookies = (response.headers['set-cookie'] ?? []).map((line) =>
        line.split(';')[0].split(/=(.*)/s),
      );
      for (const [name, value] of cookies) jar.set(name, value);
      onHead();
      response.on('error', failed);
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode,
          headers: response.headers,
          cookies: cookies.map(([name]) => name),
          text,
        });
      });
    });
    if (apart && body.length > 0) {
      sent.flushHeaders();
      setTimeout(() => sent.end(body), 2);
    } else sent.end(body);
  });
}
