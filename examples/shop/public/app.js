const element = (id) => document.getElementById(id);
const worker = (response) => /worker;desc="(\d+)"/.exec(response.headers.get('Server-Timing') ?? '')?.[1];

element('page').onclick = async () => {
  element('page').disabled = true;
  element('page-result').value = 'loading …';
  const start = performance.now();
  const timed = async (url, slow) => {
    const from = performance.now() - start;
    const response = await fetch(`${url}?${Math.random()}`);
    await response.text();
    return { from, to: performance.now() - start, slow, worker: worker(response) };
  };
  const slow = timed('/api/block', true);
  const quick = await Promise.all(Array.from({ length: 30 }, () => timed('/api/quick', false)));
  const quickMs = Math.round(Math.max(...quick.map(({ to }) => to)));
  const bars = [await slow, ...quick];
  const total = Math.max(...bars.map(({ to }) => to));
  element('waterfall').replaceChildren(
    ...bars.map((bar) => {
      const row = document.createElement('div');
      row.style.marginLeft = `${(bar.from / total) * 100}%`;
      row.style.width = `${((bar.to - bar.from) / total) * 100}%`;
      row.classList.toggle('slow', bar.slow);
      row.title = `${Math.round(bar.to - bar.from)} ms`;
      row.textContent = bar.worker ?? '';
      return row;
    }),
  );
  const verdict = quickMs > 900 ? 'they waited for the slow one' : 'nobody waited for the slow one';
  element('page-result').value = `The 30 quick ones took ${quickMs} ms: ${verdict}.`;
  element('page').disabled = false;
};

element('count').onclick = async () => {
  element('count').disabled = true;
  element('count-result').value = 'counting …';
  await fetch('/api/counter', { method: 'DELETE' });
  const clicks = [];
  for (let click = 0; click < 30; click++) {
    clicks.push(fetch('/api/counter', { method: 'POST' }));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.all(clicks);
  const { value } = await (await fetch('/api/counter')).json();
  element('count-result').value = `Counted to ${value}: ${30 - value} of 30 lost.`;
  element('count').disabled = false;
};

const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);
const say = (text) => element('messages').append(`${text}\n`);
socket.onmessage = ({ data }) => say(data);
socket.onclose = () => say('(the connection is closed)');
element('chat').onsubmit = (event) => {
  event.preventDefault();
  socket.send(element('text').value);
  element('text').value = '';
};
