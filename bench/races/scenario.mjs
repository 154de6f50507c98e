/** A small reader of the cases' scenarios, for check.mjs: it must not depend on what it helps to judge. */
const METADATA = /^\s*(?:#|\/\/)\s*@(\S+)\s*(.*)$/;

function readRequest(block, common) {
  const request = {
    role: 'named',
    copies: 1,
    client: common.client ?? '',
    mask: [...common.mask],
    headers: {},
  };
  const lines = block.split(/\r?\n/);
  let at = 0;
  for (; at < lines.length; at++) {
    const line = lines[at];
    const [, word, rest] = METADATA.exec(line) ?? [];
    if (word === 'together') Object.assign(request, { role: word, copies: Number(rest || 1) });
    else if (['setup', 'probe', 'reset'].includes(word)) request.role = word;
    else if (word === 'client') request.client = rest.trim();
    else if (word === 'name') request.name = rest.trim();
    else if (word === 'settle') request.settle = Number(rest);
    else if (word === 'mask') request.mask.push(rest.trim());
    else if (word === 'after') request.after = rest.trim();
    else if (/^\s*(#|\/\/|$)/.test(line) || /^@\w+\s*=/.test(line)) continue;
    else break;
  }
  if (at === lines.length) return undefined;
  const [, method, target] = /^(?:([A-Z]+)\s+)?(\S+)/.exec(lines[at]);
  Object.assign(request, { method: method ?? 'GET', target });
  for (at++; at < lines.length && lines[at].trim() !== ''; at++) {
    const [name, ...value] = lines[at].split(':');
    request.headers[name.trim().toLowerCase()] = value.join(':').trim();
  }
  request.body = lines
    .slice(at + 1)
    .join('\n')
    .trim();
  if (/^content-type:\s*multipart/im.test(block))
    request.body = `${request.body.replaceAll('\n', '\r\n')}\r\n`;
  return request;
}

/** The requests of a .http file, in its order, with `role`, `copies`, `client`, `name`, `mask` and `settle`. */
export function readScenario(text) {
  const variables = Object.fromEntries(
    [...text.matchAll(/^@(\w+)\s*=\s*(.*?)\s*$/gm)].map(([, name, value]) => [name, value]),
  );
  const [head, ...rest] = text.split(/^###.*$/m);
  const common = { mask: [] };
  const blocks = /^[A-Z]+\s+\S|^https?:/m.test(head) ? [head, ...rest] : rest;
  if (blocks === rest)
    for (const line of head.split('\n')) {
      const [, word, value] = METADATA.exec(line) ?? [];
      if (word === 'mask') common.mask.push(value.trim());
    }
  const requests = blocks.map((block) => readRequest(block, common)).filter(Boolean);
  return { variables, requests };
}

const valueAt = (answer, path) => {
  if (path[0] === 'headers') return answer.headers[path[1].toLowerCase()];
  const steps = path
    .slice(1)
    .join('.')
    .replace(/^\$\.?/, '')
    .split('.')
    .filter(Boolean);
  return steps.reduce((value, step) => value?.[step], JSON.parse(answer.text));
};

/** Puts variables and parts of earlier answers (`{{login.response.body.$.token}}`) into a request. */
export function filled(request, variables, answers) {
  const fill = (text) =>
    text.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, expression) => {
      if (expression in variables) return fill(variables[expression]);
      const [name, , ...path] = expression.split('.');
      if (!answers[name]) throw new Error(`No request is called ${name} in {{${expression}}}.`);
      return valueAt(answers[name], path);
    });
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, fill(value)]),
  );
  return { ...request, target: fill(request.target), headers, body: fill(request.body) };
}
