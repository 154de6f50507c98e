const { appendFile, readFile } = require('node:fs/promises');
const http = require('node:http');
const path = require('node:path');

const log = path.join(__dirname, 'log', 'audit.ndjson');

const server = http.createServer(async (req, res) => {
  if (req.method === 'POST') {
    let text = '';
    for await (const chunk of req.setEncoding('utf8')) text += chunk;
    const { who } = JSON.parse(text);
    // One write of one line, at the end of the file: the system keeps them apart.
    await appendFile(log, `${JSON.stringify({ who, at: Date.now() })}\n`);
    res.statusCode = 201;
    return res.end(JSON.stringify({ logged: who }));
  }
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  res.end(JSON.stringify(lines.map((line) => JSON.parse(line).who).sort()));
});

server.listen(process.env.PORT || 3000);
