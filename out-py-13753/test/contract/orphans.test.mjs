// test/contract/orphans.test.ts
import assert from "node:assert/strict";
import { spawn as spawn2 } from "node:child_process";
import { once } from "node:events";
import fs2 from "node:fs";
import net from "node:net";
import os from "node:os";
import path4 from "node:path";
import { after as after2, describe as describe2, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

// src/engine/process/identity.ts
import fs from "node:fs";

// src/engine/process/platform.ts
import path from "node:path";
function system32(...parts) {
  return path.win32.join(process.env.SystemRoot ?? "C:\\Windows", "System32", ...parts);
}
function powershellPath() {
  return system32("WindowsPowerShell", "v1.0", "powershell.exe");
}
var CIM_QUERY = 'Get-CimInstance Win32_Process | ForEach-Object { "{0}`t{1}`t{2}`t{3}" -f $_.ProcessId,$_.ParentProcessId,$_.CreationDate.ToFileTimeUtc(),$_.CommandLine }';
var PS_ARGUMENTS = ["-A", "-o", "pid=,ppid=,lstart=,stat=,command="];
function parsePs(text) {
  const rows = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, ppid, startTime, stat, command] = match;
    rows.push({
      pid: Number(pid),
      ppid: Number(ppid),
      startTime: startTime.replace(/\s+/g, " "),
      zombie: stat.startsWith("Z"),
      command: command.trim()
    });
  }
  return rows;
}
function parseCim(text) {
  const rows = [];
  for (const line of text.split(/\r?\n/)) {
    const [pid, ppid, startTime, ...command] = line.split("	");
    if (!/^\d+$/.test(pid ?? "") || ppid === void 0 || startTime === void 0) continue;
    const words = command.join("	").trim();
    rows.push({ pid: Number(pid), ppid: Number(ppid), startTime, zombie: false, command: words });
  }
  return rows;
}
function parseProcStat(text) {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return void 0;
  const fields = text.slice(close + 2).split(" ");
  const startTime = fields[19];
  if (startTime === void 0) return void 0;
  const state2 = fields[0];
  return {
    pid: Number(text.slice(0, open)),
    ppid: Number(fields[1]),
    startTime,
    zombie: state2 === "Z" || state2 === "X"
  };
}

// src/engine/process/run-tool.ts
import { execFile } from "node:child_process";
var TOOL_MS = 5e3;
function runTool(file, args) {
  return new Promise((resolve) => {
    const options = {
      timeout: TOOL_MS,
      maxBuffer: 32 * 1024 * 1024,
      windowsHide: true,
      env: { ...process.env, LC_ALL: "C" }
    };
    try {
      execFile(file, args, options, (error, stdout) => resolve(error === null ? stdout : void 0));
    } catch {
      resolve(void 0);
    }
  });
}

// src/engine/process/identity.ts
async function listProcesses() {
  if (process.platform === "linux") {
    const rows = listProc();
    if (rows.length > 0) return rows;
  }
  if (process.platform === "win32") {
    const text = await runTool(powershellPath(), ["-NoProfile", "-NonInteractive", "-Command", CIM_QUERY]);
    return parseCim(text ?? "");
  }
  return parsePs(await runTool("ps", PS_ARGUMENTS) ?? "");
}
async function identify(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return void 0;
  let row;
  if (process.platform === "linux") row = readProc(pid);
  else row = (await listProcesses()).find((candidate) => candidate.pid === pid);
  return row === void 0 || row.zombie ? void 0 : row;
}
function listProc() {
  try {
    return fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => readProc(Number(name))).filter((row) => row !== void 0);
  } catch {
    return [];
  }
}
function readProc(pid) {
  try {
    const row = parseProcStat(fs.readFileSync(`/proc/${pid}/stat`, "latin1"));
    if (row === void 0) return void 0;
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    return { ...row, command };
  } catch {
    return void 0;
  }
}

// test/support/cli.ts
import { spawn } from "node:child_process";
import path2 from "node:path";
import { after } from "node:test";
var DEADLINE_MS = 15e3;
var running = /* @__PURE__ */ new Set();
after(() => Promise.all([...running].map((cli) => cli.kill())));
process.on("exit", () => {
  for (const cli of running) cli.killNow();
});
function startCli(args, options = {}) {
  return new Cli(args, options);
}
var Cli = class {
  child;
  /** Every event so far, in order. */
  events = [];
  /** Resolves with the first `ready`; rejects when the process ends before it. */
  ready;
  /** Resolves when the process has ended and its output was read to the end. */
  exit;
  stdout = "";
  stderr = "";
  #ended;
  #checks = /* @__PURE__ */ new Set();
  #partial = "";
  #nextId = 1e6;
  constructor(args, options) {
    const { cwd, env: env2, json = true, node = process.execPath } = options;
    const address = "address" in options ? options.address : "0";
    const own = [...json ? ["--json"] : [], ...address === void 0 ? [] : [address]];
    this.child = spawn(node, [path2.resolve("dist/cli.js"), ...own, ...args], {
      cwd: cwd ?? process.cwd(),
      env: { ...process.env, NO_COLOR: void 0, FORCE_COLOR: void 0, ...env2 },
      stdio: ["pipe", "pipe", "pipe"]
    });
    running.add(this);
    this.child.stdin?.on("error", () => {
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text) => {
      this.stdout += text;
      if (json) this.#readLines(text);
      this.#check();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text) => {
      this.stderr += text;
      this.#check();
    });
    this.exit = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => {
        running.delete(this);
        this.#ended = { code, signal };
        resolve(this.#ended);
        this.#check();
      });
    });
    this.ready = this.waitForType("ready");
    this.ready.catch(() => {
    });
  }
  get pid() {
    return this.child.pid ?? 0;
  }
  /** The public address without the trailing slash; throws before `ready`. */
  get url() {
    const ready = this.ofType("ready")[0];
    if (ready === void 0) throw new Error(`Not ready yet.${this.#story()}`);
    return ready.url.replace(/\/$/, "");
  }
  ofType(type) {
    return this.events.filter((event) => event.type === type);
  }
  send(command) {
    this.write(`${JSON.stringify(command)}
`);
  }
  /** Writes to stdin as it is, to send what is no command. */
  write(text) {
    this.child.stdin?.write(text);
  }
  /** Sends a command with an id of its own, and resolves with the event that answers it. */
  ask(command) {
    const id = this.#nextId++;
    this.send({ ...command, id });
    return this.waitFor((event) => "id" in event && event.type !== "worker" && event.id === id, {
      what: `answer to ${command.type}`
    });
  }
  /** The first event, of all so far and to come, for which `predicate` is true. */
  async waitFor(predicate, { what = predicate.toString(), deadlineMs = DEADLINE_MS, from = 0 } = {}) {
    let at = from;
    let found;
    await this.#until(
      () => {
        while (found === void 0 && at < this.events.length) {
          const event = this.events[at++];
          if (predicate(event)) found = event;
        }
        return found !== void 0;
      },
      what,
      deadlineMs
    );
    return found;
  }
  async waitForType(type) {
    return await this.waitFor((event) => event.type === type, { what: type });
  }
  /** Waits for `pattern` in what a person sees: stdout, then stderr. */
  async waitForOutput(pattern, deadlineMs = DEADLINE_MS) {
    let found = null;
    await this.#until(
      () => {
        found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        return found !== null;
      },
      String(pattern),
      deadlineMs
    );
    return found;
  }
  /** Asks it to stop, and resolves when it has ended; fails when it does not end in time. */
  async stop() {
    if (this.#ended === void 0) {
      if (this.child.stdout !== null && this.events.length > 0) this.send({ type: "stop" });
      else this.child.kill("SIGTERM");
    }
    return this.waitForExit();
  }
  /** Like {@link exit}, with a deadline. */
  async waitForExit(deadlineMs = DEADLINE_MS) {
    await this.#until(() => this.#ended !== void 0, "the end of the process", deadlineMs);
    return this.#ended;
  }
  /** Ends it at once with all its workers; for clean-up. */
  async kill() {
    if (this.#ended !== void 0) return;
    this.killNow();
    await this.exit.catch(() => {
    });
  }
  /** As {@link kill}, without waiting. */
  killNow() {
    if (this.#ended !== void 0) return;
    this.child.kill("SIGKILL");
    for (const pid of this.workerPids()) killPid(pid);
  }
  /** Processes of the workers that have not been reported as gone; empty in thread mode. */
  workerPids() {
    const alive = /* @__PURE__ */ new Map();
    for (const { id, pid, state: state2 } of this.ofType("worker")) {
      if (state2 === "stopped" || state2 === "crashed") alive.delete(id);
      else if (pid !== void 0 && pid !== this.pid) alive.set(id, pid);
    }
    return [...new Set(alive.values())];
  }
  #readLines(text) {
    const lines = (this.#partial + text).split("\n");
    this.#partial = lines.pop() ?? "";
    for (const line of lines) this.events.push(parseEvent(line));
  }
  #check() {
    for (const check of [...this.#checks]) check();
  }
  /** Resolves when `done` is true; it is asked again whenever something came from the process. */
  #until(done, what, deadlineMs) {
    return new Promise((resolve, reject) => {
      const settle = (error) => {
        clearTimeout(late);
        this.#checks.delete(check);
        if (error === void 0) resolve();
        else reject(error);
      };
      const check = () => {
        if (done()) settle();
        else if (this.#ended !== void 0)
          settle(new Error(`The process ended before: ${what}.${this.#story()}`));
      };
      const late = setTimeout(() => {
        settle(new Error(`Not seen within ${deadlineMs} ms: ${what}.${this.#story()}`));
      }, deadlineMs);
      this.#checks.add(check);
      check();
    });
  }
  /** What happened last, for the message of a failed test. */
  #story() {
    const events = this.events.slice(-15).map((event) => `
  ${JSON.stringify(event).slice(0, 400)}`);
    const end = this.#ended === void 0 ? "" : `
ended: code ${this.#ended.code}, signal ${this.#ended.signal}`;
    const out = this.events.length > 0 ? "" : `
stdout: ${this.stdout.slice(-2e3)}`;
    return `
last events:${events.join("")}${out}
stderr: ${this.stderr.slice(-2e3)}${end}`;
  }
};
function parseEvent(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { type: "log", level: "error", source: "server", text: `NOT JSON: ${line}` };
  }
}
function killPid(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
  }
}

// test/contract/modes.ts
import path3 from "node:path";
import { describe } from "node:test";

// test/support/python.ts
function testPython() {
  const { CONCURRENT_SERVER_TEST_PYTHON: python, CONCURRENT_SERVER_TEST_PYTHON_MISSING: missing } = process.env;
  if (python !== void 0) return python;
  throw new Error(missing ?? "Run the tests by `node test/run.mjs`, which makes their Python environment.");
}

// test/contract/modes.ts
function commandLine(app, args, mode, speech) {
  if (speech === "node") return [fixture(app), "--mode", mode, ...args];
  const file = fixture(`python/${speech}/${app.replace(/\.cjs$/, ".py")}`);
  return [file, "--mode", mode, "--python", testPython(), ...mode === "thread" ? asProcesses(args) : args];
}
function asProcesses(args) {
  return args.flatMap((word, at) => {
    if (word === "--max-workers" || args[at - 1] === "--max-workers") return [];
    return word === "--workers" ? "--processes" : word;
  });
}
function fixture(name) {
  return path3.resolve("test/fixtures", name);
}

// test/contract/orphans.test.ts
var WITHIN_MS = 2e3;
var state = fs2.mkdtempSync(path4.join(os.tmpdir(), "orphans-"));
after2(() => fs2.rmSync(state, { recursive: true, force: true }));
var env = { CONCURRENT_SERVER_STATE_DIR: state };
var ENDS = {
  "the command stop": ({ cli }) => cli.send({ type: "stop" }),
  SIGTERM: ({ cli }) => void cli.child.kill("SIGTERM"),
  "SIGKILL of the server process": ({ cli }) => void cli.child.kill("SIGKILL"),
  "SIGKILL while its workers are stopped (SIGSTOP)": ({ cli }) => {
    for (const pid of workerPids(cli)) if (pid !== cli.child.pid) process.kill(pid, "SIGSTOP");
    cli.child.kill("SIGKILL");
  }
};
var KINDS = [
  ["node", "thread", ["", "stuck"]],
  ["node", "fork", ["", "stuck"]],
  ["wsgi", "thread", ["", "stuck", "sleep"]],
  ["wsgi", "fork", ["", "stuck", "sleep"]],
  ["asgi", "thread", ["stuck", "sleep"]],
  ["asgi", "fork", ["stuck", "sleep"]]
];
for (const [speech, mode, doing] of KINDS) {
  for (const what of doing) {
    const state2 = what === "" ? "idle" : what === "stuck" ? "stuck in a loop" : "asleep for an hour";
    describe2(`${mode} workers (${speech}), ${state2}, with children of their own`, () => {
      for (const [how, end] of Object.entries(ENDS)) {
        it(`leave nothing behind after ${how}`, async () => {
          const running2 = await startBreeding(speech, mode, what);
          await end(running2);
          await nothingLeft(running2);
        });
      }
    });
  }
}
describe2("the parent of the command line", () => {
  it("takes the server with it when it is killed", async () => {
    const script = `require('node:child_process').spawn(process.execPath, ${JSON.stringify([
      "dist/cli.js",
      fixture("breeds.cjs"),
      "0",
      "--mode",
      "fork"
    ])}, { stdio: ['ignore', 'inherit', 'inherit'] }).once('spawn', function () { console.log('pid', this.pid) })`;
    const parent = spawn2(process.execPath, ["-e", script], { env: { ...process.env, ...env } });
    let text = "";
    parent.stdout.on("data", (chunk) => {
      text += chunk;
    });
    const seen = async (pattern) => {
      const signal = AbortSignal.timeout(15e3);
      for (; ; ) {
        const match = pattern.exec(text);
        if (match !== null) return match[1];
        await once(parent.stdout, "data", { signal }).catch(
          () => assert.fail(`never printed ${pattern}: ${text}`)
        );
      }
    };
    const server = await identify(Number(await seen(/pid (\d+)/)));
    const port = Number(await seen(/http:\/\/127\.0\.0\.1:(\d+)/));
    assert.ok(server !== void 0);
    parent.kill("SIGKILL");
    const deadline = performance.now() + WITHIN_MS;
    await gone(server, deadline);
    while (!await isFree(port)) assert.ok(performance.now() < deadline, `port ${port} is free`);
  });
});
async function startBreeding(speech, mode, what) {
  const cli = startCli(commandLine("breeds.cjs", ["--workers", "2"], mode, speech), { env });
  const { url } = await cli.ready;
  const children = await (await fetch(url)).json();
  if (what !== "") {
    const from = cli.events.length;
    fetch(`${url}${what}`).catch(() => {
    });
    const state2 = speech === "wsgi" ? "busy" : "blocked";
    await cli.waitFor((event) => event.type === "worker" && event.state === state2, { from });
  }
  const pids = /* @__PURE__ */ new Set([cli.child.pid ?? 0, ...workerPids(cli), ...children]);
  const rows = await Promise.all([...pids].map((pid) => identify(pid)));
  const processes = rows.filter((row) => row !== void 0);
  assert.ok(processes.length >= 3, "the server and two children of the app run");
  return { cli, port: Number(new URL(url).port), processes };
}
function workerPids(cli) {
  return cli.ofType("worker").flatMap(({ pid }) => pid ?? []);
}
async function nothingLeft({ cli, port, processes }) {
  const deadline = performance.now() + WITHIN_MS;
  for (const row of processes) await gone(row, deadline);
  while (!await isFree(port)) assert.ok(performance.now() < deadline, `port ${port} is free`);
  await cli.waitForExit();
}
async function gone(row, deadline = performance.now() + WITHIN_MS) {
  for (; ; ) {
    const now = await identify(row.pid);
    if (now === void 0 || now.startTime !== row.startTime) return;
    assert.ok(performance.now() < deadline, `still alive: ${row.pid} ${row.command}`);
    await delay(10);
  }
}
function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
//# sourceMappingURL=data:application/json;base64,ewogICJ2ZXJzaW9uIjogMywKICAic291cmNlcyI6IFsiLi4vLi4vLi4vdGVzdC9jb250cmFjdC9vcnBoYW5zLnRlc3QudHMiLCAiLi4vLi4vLi4vc3JjL2VuZ2luZS9wcm9jZXNzL2lkZW50aXR5LnRzIiwgIi4uLy4uLy4uL3NyYy9lbmdpbmUvcHJvY2Vzcy9wbGF0Zm9ybS50cyIsICIuLi8uLi8uLi9zcmMvZW5naW5lL3Byb2Nlc3MvcnVuLXRvb2wudHMiLCAiLi4vLi4vLi4vdGVzdC9zdXBwb3J0L2NsaS50cyIsICIuLi8uLi8uLi90ZXN0L2NvbnRyYWN0L21vZGVzLnRzIiwgIi4uLy4uLy4uL3Rlc3Qvc3VwcG9ydC9weXRob24udHMiXSwKICAic291cmNlc0NvbnRlbnQiOiBbIi8qKiBIb3dldmVyIGEgc2VydmVyIGVuZHMsIHdpdGhpbiAyIHMgbm90aGluZyBvZiBpdCBpcyBsZWZ0OiBubyBwcm9jZXNzLCBubyBwb3J0LCBubyBmaWxlLiAqL1xuaW1wb3J0IGFzc2VydCBmcm9tICdub2RlOmFzc2VydC9zdHJpY3QnO1xuaW1wb3J0IHsgc3Bhd24gfSBmcm9tICdub2RlOmNoaWxkX3Byb2Nlc3MnO1xuaW1wb3J0IHsgb25jZSB9IGZyb20gJ25vZGU6ZXZlbnRzJztcbmltcG9ydCBmcyBmcm9tICdub2RlOmZzJztcbmltcG9ydCBuZXQgZnJvbSAnbm9kZTpuZXQnO1xuaW1wb3J0IG9zIGZyb20gJ25vZGU6b3MnO1xuaW1wb3J0IHBhdGggZnJvbSAnbm9kZTpwYXRoJztcbmltcG9ydCB7IGFmdGVyLCBkZXNjcmliZSwgaXQgfSBmcm9tICdub2RlOnRlc3QnO1xuaW1wb3J0IHsgc2V0VGltZW91dCBhcyBkZWxheSB9IGZyb20gJ25vZGU6dGltZXJzL3Byb21pc2VzJztcbmltcG9ydCB7IGlkZW50aWZ5IH0gZnJvbSAnLi4vLi4vc3JjL2VuZ2luZS9wcm9jZXNzL2lkZW50aXR5LnRzJztcbmltcG9ydCB0eXBlIHsgUHJvY2Vzc1JvdyB9IGZyb20gJy4uLy4uL3NyYy9lbmdpbmUvcHJvY2Vzcy9wbGF0Zm9ybS50cyc7XG5pbXBvcnQgdHlwZSB7IE1vZGUgfSBmcm9tICcuLi8uLi9zcmMvcHJvdG9jb2wvY29uZmlnLnRzJztcbmltcG9ydCB7IHR5cGUgQ2xpLCBzdGFydENsaSB9IGZyb20gJy4uL3N1cHBvcnQvY2xpLnRzJztcbmltcG9ydCB7IGNvbW1hbmRMaW5lLCBmaXh0dXJlLCB0eXBlIFNwZWVjaCB9IGZyb20gJy4vbW9kZXMudHMnO1xuXG4vKiogVGhlIHByb21pc2UsIHBsdXMgd2hhdCBpdCB0YWtlcyB0byBsb29rLiAqL1xuY29uc3QgV0lUSElOX01TID0gMjAwMDtcblxuY29uc3Qgc3RhdGUgPSBmcy5ta2R0ZW1wU3luYyhwYXRoLmpvaW4ob3MudG1wZGlyKCksICdvcnBoYW5zLScpKTtcbmFmdGVyKCgpID0+IGZzLnJtU3luYyhzdGF0ZSwgeyByZWN1cnNpdmU6IHRydWUsIGZvcmNlOiB0cnVlIH0pKTtcbmNvbnN0IGVudiA9IHsgQ09OQ1VSUkVOVF9TRVJWRVJfU1RBVEVfRElSOiBzdGF0ZSB9O1xuXG5pbnRlcmZhY2UgUnVubmluZyB7XG4gIGNsaTogQ2xpO1xuICBwb3J0OiBudW1iZXI7XG4gIC8qKiBFdmVyeXRoaW5nIHRoYXQgaXMgdG8gYmUgZ29uZS4gKi9cbiAgcHJvY2Vzc2VzOiBQcm9jZXNzUm93W107XG59XG5cbmNvbnN0IEVORFM6IFJlY29yZDxzdHJpbmcsIChydW5uaW5nOiBSdW5uaW5nKSA9PiBQcm9taXNlPHZvaWQ+IHwgdm9pZD4gPSB7XG4gICd0aGUgY29tbWFuZCBzdG9wJzogKHsgY2xpIH0pID0+IGNsaS5zZW5kKHsgdHlwZTogJ3N0b3AnIH0pLFxuICBTSUdURVJNOiAoeyBjbGkgfSkgPT4gdm9pZCBjbGkuY2hpbGQua2lsbCgnU0lHVEVSTScpLFxuICAnU0lHS0lMTCBvZiB0aGUgc2VydmVyIHByb2Nlc3MnOiAoeyBjbGkgfSkgPT4gdm9pZCBjbGkuY2hpbGQua2lsbCgnU0lHS0lMTCcpLFxuICAnU0lHS0lMTCB3aGlsZSBpdHMgd29ya2VycyBhcmUgc3RvcHBlZCAoU0lHU1RPUCknOiAoeyBjbGkgfSkgPT4ge1xuICAgIGZvciAoY29uc3QgcGlkIG9mIHdvcmtlclBpZHMoY2xpKSkgaWYgKHBpZCAhPT0gY2xpLmNoaWxkLnBpZCkgcHJvY2Vzcy5raWxsKHBpZCwgJ1NJR1NUT1AnKTtcbiAgICBjbGkuY2hpbGQua2lsbCgnU0lHS0lMTCcpO1xuICB9LFxufTtcblxuY29uc3QgS0lORFM6IEFycmF5PFtzcGVlY2g6IFNwZWVjaCwgbW9kZTogTW9kZSwgc3R1Y2s6IHN0cmluZ1tdXT4gPSBbXG4gIFsnbm9kZScsICd0aHJlYWQnLCBbJycsICdzdHVjayddXSxcbiAgWydub2RlJywgJ2ZvcmsnLCBbJycsICdzdHVjayddXSxcbiAgWyd3c2dpJywgJ3RocmVhZCcsIFsnJywgJ3N0dWNrJywgJ3NsZWVwJ11dLFxuICBbJ3dzZ2knLCAnZm9yaycsIFsnJywgJ3N0dWNrJywgJ3NsZWVwJ11dLFxuICBbJ2FzZ2knLCAndGhyZWFkJywgWydzdHVjaycsICdzbGVlcCddXSxcbiAgWydhc2dpJywgJ2ZvcmsnLCBbJ3N0dWNrJywgJ3NsZWVwJ11dLFxuXTtcblxuZm9yIChjb25zdCBbc3BlZWNoLCBtb2RlLCBkb2luZ10gb2YgS0lORFMpIHtcbiAgZm9yIChjb25zdCB3aGF0IG9mIGRvaW5nKSB7XG4gICAgY29uc3Qgc3RhdGUgPSB3aGF0ID09PSAnJyA/ICdpZGxlJyA6IHdoYXQgPT09ICdzdHVjaycgPyAnc3R1Y2sgaW4gYSBsb29wJyA6ICdhc2xlZXAgZm9yIGFuIGhvdXInO1xuICAgIGRlc2NyaWJlKGAke21vZGV9IHdvcmtlcnMgKCR7c3BlZWNofSksICR7c3RhdGV9LCB3aXRoIGNoaWxkcmVuIG9mIHRoZWlyIG93bmAsICgpID0+IHtcbiAgICAgIGZvciAoY29uc3QgW2hvdywgZW5kXSBvZiBPYmplY3QuZW50cmllcyhFTkRTKSkge1xuICAgICAgICBpdChgbGVhdmUgbm90aGluZyBiZWhpbmQgYWZ0ZXIgJHtob3d9YCwgYXN5bmMgKCkgPT4ge1xuICAgICAgICAgIGNvbnN0IHJ1bm5pbmcgPSBhd2FpdCBzdGFydEJyZWVkaW5nKHNwZWVjaCwgbW9kZSwgd2hhdCk7XG4gICAgICAgICAgYXdhaXQgZW5kKHJ1bm5pbmcpO1xuICAgICAgICAgIGF3YWl0IG5vdGhpbmdMZWZ0KHJ1bm5pbmcpO1xuICAgICAgICB9KTtcbiAgICAgIH1cbiAgICB9KTtcbiAgfVxufVxuXG5kZXNjcmliZSgndGhlIHBhcmVudCBvZiB0aGUgY29tbWFuZCBsaW5lJywgKCkgPT4ge1xuICBpdCgndGFrZXMgdGhlIHNlcnZlciB3aXRoIGl0IHdoZW4gaXQgaXMga2lsbGVkJywgYXN5bmMgKCkgPT4ge1xuICAgIGNvbnN0IHNjcmlwdCA9IGByZXF1aXJlKCdub2RlOmNoaWxkX3Byb2Nlc3MnKS5zcGF3bihwcm9jZXNzLmV4ZWNQYXRoLCAke0pTT04uc3RyaW5naWZ5KFtcbiAgICAgICdkaXN0L2NsaS5qcycsXG4gICAgICBmaXh0dXJlKCdicmVlZHMuY2pzJyksXG4gICAgICAnMCcsXG4gICAgICAnLS1tb2RlJyxcbiAgICAgICdmb3JrJyxcbiAgICBdKX0sIHsgc3RkaW86IFsnaWdub3JlJywgJ2luaGVyaXQnLCAnaW5oZXJpdCddIH0pLm9uY2UoJ3NwYXduJywgZnVuY3Rpb24gKCkgeyBjb25zb2xlLmxvZygncGlkJywgdGhpcy5waWQpIH0pYDtcbiAgICBjb25zdCBwYXJlbnQgPSBzcGF3bihwcm9jZXNzLmV4ZWNQYXRoLCBbJy1lJywgc2NyaXB0XSwgeyBlbnY6IHsgLi4ucHJvY2Vzcy5lbnYsIC4uLmVudiB9IH0pO1xuICAgIGxldCB0ZXh0ID0gJyc7XG4gICAgcGFyZW50LnN0ZG91dC5vbignZGF0YScsIChjaHVuaykgPT4ge1xuICAgICAgdGV4dCArPSBjaHVuaztcbiAgICB9KTtcbiAgICBjb25zdCBzZWVuID0gYXN5bmMgKHBhdHRlcm46IFJlZ0V4cCk6IFByb21pc2U8c3RyaW5nPiA9PiB7XG4gICAgICBjb25zdCBzaWduYWwgPSBBYm9ydFNpZ25hbC50aW1lb3V0KDE1XzAwMCk7XG4gICAgICBmb3IgKDs7KSB7XG4gICAgICAgIGNvbnN0IG1hdGNoID0gcGF0dGVybi5leGVjKHRleHQpO1xuICAgICAgICBpZiAobWF0Y2ggIT09IG51bGwpIHJldHVybiBtYXRjaFsxXSE7XG4gICAgICAgIGF3YWl0IG9uY2UocGFyZW50LnN0ZG91dCwgJ2RhdGEnLCB7IHNpZ25hbCB9KS5jYXRjaCgoKSA9PlxuICAgICAgICAgIGFzc2VydC5mYWlsKGBuZXZlciBwcmludGVkICR7cGF0dGVybn06ICR7dGV4dH1gKSxcbiAgICAgICAgKTtcbiAgICAgIH1cbiAgICB9O1xuICAgIGNvbnN0IHNlcnZlciA9IGF3YWl0IGlkZW50aWZ5KE51bWJlcihhd2FpdCBzZWVuKC9waWQgKFxcZCspLykpKTtcbiAgICBjb25zdCBwb3J0ID0gTnVtYmVyKGF3YWl0IHNlZW4oL2h0dHA6XFwvXFwvMTI3XFwuMFxcLjBcXC4xOihcXGQrKS8pKTtcbiAgICBhc3NlcnQub2soc2VydmVyICE9PSB1bmRlZmluZWQpO1xuICAgIHBhcmVudC5raWxsKCdTSUdLSUxMJyk7XG4gICAgY29uc3QgZGVhZGxpbmUgPSBwZXJmb3JtYW5jZS5ub3coKSArIFdJVEhJTl9NUztcbiAgICBhd2FpdCBnb25lKHNlcnZlciwgZGVhZGxpbmUpO1xuICAgIHdoaWxlICghKGF3YWl0IGlzRnJlZShwb3J0KSkpIGFzc2VydC5vayhwZXJmb3JtYW5jZS5ub3coKSA8IGRlYWRsaW5lLCBgcG9ydCAke3BvcnR9IGlzIGZyZWVgKTtcbiAgfSk7XG59KTtcblxuYXN5bmMgZnVuY3Rpb24gc3RhcnRCcmVlZGluZyhzcGVlY2g6IFNwZWVjaCwgbW9kZTogTW9kZSwgd2hhdDogc3RyaW5nKTogUHJvbWlzZTxSdW5uaW5nPiB7XG4gIGNvbnN0IGNsaSA9IHN0YXJ0Q2xpKGNvbW1hbmRMaW5lKCdicmVlZHMuY2pzJywgWyctLXdvcmtlcnMnLCAnMiddLCBtb2RlLCBzcGVlY2gpLCB7IGVudiB9KTtcbiAgY29uc3QgeyB1cmwgfSA9IGF3YWl0IGNsaS5yZWFkeTtcbiAgY29uc3QgY2hpbGRyZW4gPSAoYXdhaXQgKGF3YWl0IGZldGNoKHVybCkpLmpzb24oKSkgYXMgbnVtYmVyW107XG4gIGlmICh3aGF0ICE9PSAnJykge1xuICAgIGNvbnN0IGZyb20gPSBjbGkuZXZlbnRzLmxlbmd0aDtcbiAgICBmZXRjaChgJHt1cmx9JHt3aGF0fWApLmNhdGNoKCgpID0+IHt9KTtcbiAgICBjb25zdCBzdGF0ZSA9IHNwZWVjaCA9PT0gJ3dzZ2knID8gJ2J1c3knIDogJ2Jsb2NrZWQnO1xuICAgIGF3YWl0IGNsaS53YWl0Rm9yKChldmVudCkgPT4gZXZlbnQudHlwZSA9PT0gJ3dvcmtlcicgJiYgZXZlbnQuc3RhdGUgPT09IHN0YXRlLCB7IGZyb20gfSk7XG4gIH1cbiAgY29uc3QgcGlkcyA9IG5ldyBTZXQoW2NsaS5jaGlsZC5waWQgPz8gMCwgLi4ud29ya2VyUGlkcyhjbGkpLCAuLi5jaGlsZHJlbl0pO1xuICBjb25zdCByb3dzID0gYXdhaXQgUHJvbWlzZS5hbGwoWy4uLnBpZHNdLm1hcCgocGlkKSA9PiBpZGVudGlmeShwaWQpKSk7XG4gIGNvbnN0IHByb2Nlc3NlcyA9IHJvd3MuZmlsdGVyKChyb3cpID0+IHJvdyAhPT0gdW5kZWZpbmVkKTtcbiAgYXNzZXJ0Lm9rKHByb2Nlc3Nlcy5sZW5ndGggPj0gMywgJ3RoZSBzZXJ2ZXIgYW5kIHR3byBjaGlsZHJlbiBvZiB0aGUgYXBwIHJ1bicpO1xuICByZXR1cm4geyBjbGksIHBvcnQ6IE51bWJlcihuZXcgVVJMKHVybCkucG9ydCksIHByb2Nlc3NlcyB9O1xufVxuXG5mdW5jdGlvbiB3b3JrZXJQaWRzKGNsaTogQ2xpKTogbnVtYmVyW10ge1xuICByZXR1cm4gY2xpLm9mVHlwZSgnd29ya2VyJykuZmxhdE1hcCgoeyBwaWQgfSkgPT4gcGlkID8/IFtdKTtcbn1cblxuYXN5bmMgZnVuY3Rpb24gbm90aGluZ0xlZnQoeyBjbGksIHBvcnQsIHByb2Nlc3NlcyB9OiBSdW5uaW5nKTogUHJvbWlzZTx2b2lkPiB7XG4gIGNvbnN0IGRlYWRsaW5lID0gcGVyZm9ybWFuY2Uubm93KCkgKyBXSVRISU5fTVM7XG4gIGZvciAoY29uc3Qgcm93IG9mIHByb2Nlc3NlcykgYXdhaXQgZ29uZShyb3csIGRlYWRsaW5lKTtcbiAgLy8gQSBraWxsZWQgcHJvY2VzcyBjb3VudHMgYXMgZGVhZCB3aGlsZSBpdHMgdGhyZWFkcyBzdGlsbCBsZXQgZ28gb2YgaXRzIHNvY2tldHMuXG4gIHdoaWxlICghKGF3YWl0IGlzRnJlZShwb3J0KSkpIGFzc2VydC5vayhwZXJmb3JtYW5jZS5ub3coKSA8IGRlYWRsaW5lLCBgcG9ydCAke3BvcnR9IGlzIGZyZWVgKTtcbiAgYXdhaXQgY2xpLndhaXRGb3JFeGl0KCk7XG59XG5cbmFzeW5jIGZ1bmN0aW9uIGdvbmUocm93OiBQcm9jZXNzUm93LCBkZWFkbGluZSA9IHBlcmZvcm1hbmNlLm5vdygpICsgV0lUSElOX01TKTogUHJvbWlzZTx2b2lkPiB7XG4gIGZvciAoOzspIHtcbiAgICBjb25zdCBub3cgPSBhd2FpdCBpZGVudGlmeShyb3cucGlkKTtcbiAgICBpZiAobm93ID09PSB1bmRlZmluZWQgfHwgbm93LnN0YXJ0VGltZSAhPT0gcm93LnN0YXJ0VGltZSkgcmV0dXJuO1xuICAgIGFzc2VydC5vayhwZXJmb3JtYW5jZS5ub3coKSA8IGRlYWRsaW5lLCBgc3RpbGwgYWxpdmU6ICR7cm93LnBpZH0gJHtyb3cuY29tbWFuZH1gKTtcbiAgICBhd2FpdCBkZWxheSgxMCk7XG4gIH1cbn1cblxuZnVuY3Rpb24gaXNGcmVlKHBvcnQ6IG51bWJlcik6IFByb21pc2U8Ym9vbGVhbj4ge1xuICByZXR1cm4gbmV3IFByb21pc2UoKHJlc29sdmUpID0+IHtcbiAgICBjb25zdCBzZXJ2ZXIgPSBuZXQuY3JlYXRlU2VydmVyKCk7XG4gICAgc2VydmVyLm9uY2UoJ2Vycm9yJywgKCkgPT4gcmVzb2x2ZShmYWxzZSkpO1xuICAgIHNlcnZlci5saXN0ZW4ocG9ydCwgJzEyNy4wLjAuMScsICgpID0+IHNlcnZlci5jbG9zZSgoKSA9PiByZXNvbHZlKHRydWUpKSk7XG4gIH0pO1xufVxuIiwgIi8qKiBXaGljaCBwcm9jZXNzIGEgcGlkIG1lYW5zOiBwaWRzIGFyZSB1c2VkIGFnYWluLCBzbyBhIHBpZCBhbG9uZSBpcyBuZXZlciBlbm91Z2ggdG8ga2lsbCBieS4gKi9cbmltcG9ydCBmcyBmcm9tICdub2RlOmZzJztcbmltcG9ydCB7XG4gIENJTV9RVUVSWSxcbiAgdHlwZSBQcm9jZXNzUm93LFxuICBQU19BUkdVTUVOVFMsXG4gIHBhcnNlQ2ltLFxuICBwYXJzZVByb2NTdGF0LFxuICBwYXJzZVBzLFxuICBwb3dlcnNoZWxsUGF0aCxcbn0gZnJvbSAnLi9wbGF0Zm9ybS50cyc7XG5pbXBvcnQgeyBydW5Ub29sIH0gZnJvbSAnLi9ydW4tdG9vbC50cyc7XG5cbi8qKiBBbGwgcHJvY2Vzc2VzIG9mIHRoZSBzeXN0ZW07IGVtcHR5IHdoZW4gdGhleSBjYW4ndCBiZSBsaXN0ZWQuICovXG5leHBvcnQgYXN5bmMgZnVuY3Rpb24gbGlzdFByb2Nlc3NlcygpOiBQcm9taXNlPFByb2Nlc3NSb3dbXT4ge1xuICBpZiAocHJvY2Vzcy5wbGF0Zm9ybSA9PT0gJ2xpbnV4Jykge1xuICAgIGNvbnN0IHJvd3MgPSBsaXN0UHJvYygpO1xuICAgIGlmIChyb3dzLmxlbmd0aCA+IDApIHJldHVybiByb3dzO1xuICB9XG4gIGlmIChwcm9jZXNzLnBsYXRmb3JtID09PSAnd2luMzInKSB7XG4gICAgY29uc3QgdGV4dCA9IGF3YWl0IHJ1blRvb2wocG93ZXJzaGVsbFBhdGgoKSwgWyctTm9Qcm9maWxlJywgJy1Ob25JbnRlcmFjdGl2ZScsICctQ29tbWFuZCcsIENJTV9RVUVSWV0pO1xuICAgIHJldHVybiBwYXJzZUNpbSh0ZXh0ID8/ICcnKTtcbiAgfVxuICByZXR1cm4gcGFyc2VQcygoYXdhaXQgcnVuVG9vbCgncHMnLCBQU19BUkdVTUVOVFMpKSA/PyAnJyk7XG59XG5cbi8qKiBUaGUgbGl2aW5nIHByb2Nlc3Mgd2l0aCB0aGlzIHBpZCwgb3IgdW5kZWZpbmVkOyB6b21iaWVzIGFyZSBkZWFkLiAqL1xuZXhwb3J0IGFzeW5jIGZ1bmN0aW9uIGlkZW50aWZ5KHBpZDogbnVtYmVyKTogUHJvbWlzZTxQcm9jZXNzUm93IHwgdW5kZWZpbmVkPiB7XG4gIGlmICghTnVtYmVyLmlzSW50ZWdlcihwaWQpIHx8IHBpZCA8PSAwKSByZXR1cm4gdW5kZWZpbmVkO1xuICBsZXQgcm93OiBQcm9jZXNzUm93IHwgdW5kZWZpbmVkO1xuICBpZiAocHJvY2Vzcy5wbGF0Zm9ybSA9PT0gJ2xpbnV4Jykgcm93ID0gcmVhZFByb2MocGlkKTtcbiAgZWxzZSByb3cgPSAoYXdhaXQgbGlzdFByb2Nlc3NlcygpKS5maW5kKChjYW5kaWRhdGUpID0+IGNhbmRpZGF0ZS5waWQgPT09IHBpZCk7XG4gIHJldHVybiByb3cgPT09IHVuZGVmaW5lZCB8fCByb3cuem9tYmllID8gdW5kZWZpbmVkIDogcm93O1xufVxuXG4vKiogVHJ1ZSB3aGlsZSB0aGUgdmVyeSBwcm9jZXNzIHRoYXQgYHJvd2AgZGVzY3JpYmVzIGlzIGFsaXZlLiAqL1xuZXhwb3J0IGFzeW5jIGZ1bmN0aW9uIGlzQWxpdmUocm93OiBQaWNrPFByb2Nlc3NSb3csICdwaWQnIHwgJ3N0YXJ0VGltZSc+KTogUHJvbWlzZTxib29sZWFuPiB7XG4gIGNvbnN0IG5vdyA9IGF3YWl0IGlkZW50aWZ5KHJvdy5waWQpO1xuICByZXR1cm4gbm93ICE9PSB1bmRlZmluZWQgJiYgbm93LnN0YXJ0VGltZSA9PT0gcm93LnN0YXJ0VGltZTtcbn1cblxuLyoqIFdoZW4gYSBwcm9jZXNzIHN0YXJ0ZWQsIG9uIExpbnV4IGF0IHRoZSBwcmljZSBvZiBvbmUgc21hbGwgcmVhZDsgZW1wdHkgd2hlcmUgdGhhdCBjYW4ndCBiZSB0b2xkIHNvIGNoZWFwbHkuICovXG5leHBvcnQgZnVuY3Rpb24gc3RhcnRUaW1lTm93KHBpZDogbnVtYmVyKTogc3RyaW5nIHtcbiAgcmV0dXJuIHByb2Nlc3MucGxhdGZvcm0gPT09ICdsaW51eCcgPyAocmVhZFByb2MocGlkKT8uc3RhcnRUaW1lID8/ICcnKSA6ICcnO1xufVxuXG4vKiogVGhlIHByb2Nlc3NlcyB3aXRoIGEgdmFyaWFibGUgaW4gdGhlaXIgZW52aXJvbm1lbnQgKExpbnV4OyBlbHNld2hlcmUgbm9uZSwgc2luY2UgaXQgY2FuJ3QgYmUgcmVhZCkuICovXG5leHBvcnQgZnVuY3Rpb24gZmluZE1hcmtlZChuYW1lOiBzdHJpbmcsIHZhbHVlOiBzdHJpbmcpOiBQcm9jZXNzUm93W10ge1xuICBpZiAocHJvY2Vzcy5wbGF0Zm9ybSAhPT0gJ2xpbnV4JykgcmV0dXJuIFtdO1xuICBjb25zdCB3YW50ZWQgPSBgJHtuYW1lfT0ke3ZhbHVlfVxcMGA7XG4gIHJldHVybiBsaXN0UHJvYygpLmZpbHRlcigoeyBwaWQsIHpvbWJpZSB9KSA9PiB7XG4gICAgaWYgKHpvbWJpZSB8fCBwaWQgPT09IHByb2Nlc3MucGlkKSByZXR1cm4gZmFsc2U7XG4gICAgdHJ5IHtcbiAgICAgIHJldHVybiBgXFwwJHtmcy5yZWFkRmlsZVN5bmMoYC9wcm9jLyR7cGlkfS9lbnZpcm9uYCwgJ2xhdGluMScpfVxcMGAuaW5jbHVkZXMoYFxcMCR7d2FudGVkfWApO1xuICAgIH0gY2F0Y2gge1xuICAgICAgcmV0dXJuIGZhbHNlO1xuICAgIH1cbiAgfSk7XG59XG5cbmZ1bmN0aW9uIGxpc3RQcm9jKCk6IFByb2Nlc3NSb3dbXSB7XG4gIHRyeSB7XG4gICAgcmV0dXJuIGZzXG4gICAgICAucmVhZGRpclN5bmMoJy9wcm9jJylcbiAgICAgIC5maWx0ZXIoKG5hbWUpID0+IC9eXFxkKyQvLnRlc3QobmFtZSkpXG4gICAgICAubWFwKChuYW1lKSA9PiByZWFkUHJvYyhOdW1iZXIobmFtZSkpKVxuICAgICAgLmZpbHRlcigocm93KSA9PiByb3cgIT09IHVuZGVmaW5lZCk7XG4gIH0gY2F0Y2gge1xuICAgIHJldHVybiBbXTtcbiAgfVxufVxuXG5mdW5jdGlvbiByZWFkUHJvYyhwaWQ6IG51bWJlcik6IFByb2Nlc3NSb3cgfCB1bmRlZmluZWQge1xuICB0cnkge1xuICAgIGNvbnN0IHJvdyA9IHBhcnNlUHJvY1N0YXQoZnMucmVhZEZpbGVTeW5jKGAvcHJvYy8ke3BpZH0vc3RhdGAsICdsYXRpbjEnKSk7XG4gICAgaWYgKHJvdyA9PT0gdW5kZWZpbmVkKSByZXR1cm4gdW5kZWZpbmVkO1xuICAgIGNvbnN0IGNvbW1hbmQgPSBmcy5yZWFkRmlsZVN5bmMoYC9wcm9jLyR7cGlkfS9jbWRsaW5lYCwgJ3V0ZjgnKS5zcGxpdCgnXFwwJykuam9pbignICcpLnRyaW0oKTtcbiAgICByZXR1cm4geyAuLi5yb3csIGNvbW1hbmQgfTtcbiAgfSBjYXRjaCB7XG4gICAgcmV0dXJuIHVuZGVmaW5lZDtcbiAgfVxufVxuIiwgIi8qKlxuICogV2hhdCBkaWZmZXJzIGJldHdlZW4gc3lzdGVtcywgaW4gb25lIHBsYWNlOiB3aGVyZSB0aGUgdG9vbHMgYXJlLCBhbmQgd2hhdCB0aGVpciBvdXRwdXQgbWVhbnMuIFRoZSBwYXJzZXJzIGFyZSBwdXJlXG4gKiBhbmQgdGVzdGVkIHdpdGggcmVhbCBvdXRwdXQsIGJlY2F1c2UgdHdvIG9mIHRoZSB0aHJlZSBzeXN0ZW1zIGNhbid0IGJlIHJ1biBldmVyeXdoZXJlLlxuICovXG5pbXBvcnQgcGF0aCBmcm9tICdub2RlOnBhdGgnO1xuXG4vKiogT25lIHByb2Nlc3Mgb2YgYSBsaXN0aW5nLiAqL1xuZXhwb3J0IGludGVyZmFjZSBQcm9jZXNzUm93IHtcbiAgcGlkOiBudW1iZXI7XG4gIHBwaWQ6IG51bWJlcjtcbiAgLyoqIFdoZW4gaXQgc3RhcnRlZCwgaW4gdGhlIHN5c3RlbSdzIG93biB3b3JkczsgZXF1YWwgZm9yIHRoZSBzYW1lIHByb2Nlc3MsIGRpZmZlcmVudCBmb3IgYW5vdGhlciB3aXRoIGl0cyBwaWQuICovXG4gIHN0YXJ0VGltZTogc3RyaW5nO1xuICAvKiogQSBwcm9jZXNzIHRoYXQgZW5kZWQgYW5kIG9ubHkgd2FpdHMgZm9yIGl0cyBwYXJlbnQgdG8gcmVhZCBpdHMgZXhpdCBjb2RlLiBJdCBjb3VudHMgYXMgZGVhZC4gKi9cbiAgem9tYmllOiBib29sZWFuO1xuICBjb21tYW5kOiBzdHJpbmc7XG59XG5cbmV4cG9ydCBmdW5jdGlvbiBzeXN0ZW0zMiguLi5wYXJ0czogc3RyaW5nW10pOiBzdHJpbmcge1xuICByZXR1cm4gcGF0aC53aW4zMi5qb2luKHByb2Nlc3MuZW52LlN5c3RlbVJvb3QgPz8gJ0M6XFxcXFdpbmRvd3MnLCAnU3lzdGVtMzInLCAuLi5wYXJ0cyk7XG59XG5cbi8qKiBCeSBhYnNvbHV0ZSBwYXRoOiB0aGUgZm9sZGVyIG9mIHRoZSBhcHAgbXVzdCBub3QgYmUgc2VhcmNoZWQgZm9yIGEgYHRhc2traWxsLmV4ZWAuICovXG5leHBvcnQgZnVuY3Rpb24gdGFza2tpbGxQYXRoKCk6IHN0cmluZyB7XG4gIHJldHVybiBzeXN0ZW0zMigndGFza2tpbGwuZXhlJyk7XG59XG5cbmV4cG9ydCBmdW5jdGlvbiBwb3dlcnNoZWxsUGF0aCgpOiBzdHJpbmcge1xuICByZXR1cm4gc3lzdGVtMzIoJ1dpbmRvd3NQb3dlclNoZWxsJywgJ3YxLjAnLCAncG93ZXJzaGVsbC5leGUnKTtcbn1cblxuLyoqIENJTSwgYmVjYXVzZSBuZXcgV2luZG93cyBoYXMgbm8gYHdtaWNgLiAqL1xuZXhwb3J0IGNvbnN0IENJTV9RVUVSWSA9XG4gICdHZXQtQ2ltSW5zdGFuY2UgV2luMzJfUHJvY2VzcyB8IEZvckVhY2gtT2JqZWN0IHsgXCJ7MH1gdHsxfWB0ezJ9YHR7M31cIiAtZiAnICtcbiAgJyRfLlByb2Nlc3NJZCwkXy5QYXJlbnRQcm9jZXNzSWQsJF8uQ3JlYXRpb25EYXRlLlRvRmlsZVRpbWVVdGMoKSwkXy5Db21tYW5kTGluZSB9JztcblxuLyoqIEFyZ3VtZW50cyBvZiBgcHNgIHRoYXQgTGludXggYW5kIG1hY09TIHVuZGVyc3RhbmQgYWxpa2U7IHRoZSBzdGFydCB0aW1lIGlzIGZpdmUgd29yZHMgaW4gdGhlIEMgbG9jYWxlLiAqL1xuZXhwb3J0IGNvbnN0IFBTX0FSR1VNRU5UUyA9IFsnLUEnLCAnLW8nLCAncGlkPSxwcGlkPSxsc3RhcnQ9LHN0YXQ9LGNvbW1hbmQ9J107XG5cbi8qKiBPdXRwdXQgb2Yge0BsaW5rIFBTX0FSR1VNRU5UU30uICovXG5leHBvcnQgZnVuY3Rpb24gcGFyc2VQcyh0ZXh0OiBzdHJpbmcpOiBQcm9jZXNzUm93W10ge1xuICBjb25zdCByb3dzOiBQcm9jZXNzUm93W10gPSBbXTtcbiAgZm9yIChjb25zdCBsaW5lIG9mIHRleHQuc3BsaXQoJ1xcbicpKSB7XG4gICAgY29uc3QgbWF0Y2ggPSAvXlxccyooXFxkKylcXHMrKFxcZCspXFxzKyhcXFMrXFxzK1xcUytcXHMrXFxTK1xccytcXFMrXFxzK1xcUyspXFxzKyhcXFMrKVxccysoLiopJC8uZXhlYyhsaW5lKTtcbiAgICBpZiAobWF0Y2ggPT09IG51bGwpIGNvbnRpbnVlO1xuICAgIGNvbnN0IFssIHBpZCwgcHBpZCwgc3RhcnRUaW1lLCBzdGF0LCBjb21tYW5kXSA9IG1hdGNoIGFzIHVua25vd24gYXMgc3RyaW5nW107XG4gICAgcm93cy5wdXNoKHtcbiAgICAgIHBpZDogTnVtYmVyKHBpZCksXG4gICAgICBwcGlkOiBOdW1iZXIocHBpZCksXG4gICAgICBzdGFydFRpbWU6IHN0YXJ0VGltZSEucmVwbGFjZSgvXFxzKy9nLCAnICcpLFxuICAgICAgem9tYmllOiBzdGF0IS5zdGFydHNXaXRoKCdaJyksXG4gICAgICBjb21tYW5kOiBjb21tYW5kIS50cmltKCksXG4gICAgfSk7XG4gIH1cbiAgcmV0dXJuIHJvd3M7XG59XG5cbi8qKiBPdXRwdXQgb2Yge0BsaW5rIENJTV9RVUVSWX06IHBpZCwgcGFyZW50LCBjcmVhdGlvbiB0aW1lLCBjb21tYW5kIGxpbmUsIHdpdGggdGFicyBiZXR3ZWVuLiAqL1xuZXhwb3J0IGZ1bmN0aW9uIHBhcnNlQ2ltKHRleHQ6IHN0cmluZyk6IFByb2Nlc3NSb3dbXSB7XG4gIGNvbnN0IHJvd3M6IFByb2Nlc3NSb3dbXSA9IFtdO1xuICBmb3IgKGNvbnN0IGxpbmUgb2YgdGV4dC5zcGxpdCgvXFxyP1xcbi8pKSB7XG4gICAgY29uc3QgW3BpZCwgcHBpZCwgc3RhcnRUaW1lLCAuLi5jb21tYW5kXSA9IGxpbmUuc3BsaXQoJ1xcdCcpO1xuICAgIGlmICghL15cXGQrJC8udGVzdChwaWQgPz8gJycpIHx8IHBwaWQgPT09IHVuZGVmaW5lZCB8fCBzdGFydFRpbWUgPT09IHVuZGVmaW5lZCkgY29udGludWU7XG4gICAgY29uc3Qgd29yZHMgPSBjb21tYW5kLmpvaW4oJ1xcdCcpLnRyaW0oKTtcbiAgICByb3dzLnB1c2goeyBwaWQ6IE51bWJlcihwaWQpLCBwcGlkOiBOdW1iZXIocHBpZCksIHN0YXJ0VGltZSwgem9tYmllOiBmYWxzZSwgY29tbWFuZDogd29yZHMgfSk7XG4gIH1cbiAgcmV0dXJuIHJvd3M7XG59XG5cbi8qKlxuICogYC9wcm9jL1BJRC9zdGF0YCBvZiBMaW51eCAocHJvYyg1KSk6IHRoZSBuYW1lLCBpbiBicmFja2V0cywgbWF5IGl0c2VsZiBob2xkIGJyYWNrZXRzIGFuZCBzcGFjZXMsIHNvIGZpZWxkcyBhcmVcbiAqIGNvdW50ZWQgZnJvbSB0aGUgbGFzdCBvbmUgb24uXG4gKi9cbmV4cG9ydCBmdW5jdGlvbiBwYXJzZVByb2NTdGF0KHRleHQ6IHN0cmluZyk6IE9taXQ8UHJvY2Vzc1JvdywgJ2NvbW1hbmQnPiB8IHVuZGVmaW5lZCB7XG4gIGNvbnN0IG9wZW4gPSB0ZXh0LmluZGV4T2YoJygnKTtcbiAgY29uc3QgY2xvc2UgPSB0ZXh0Lmxhc3RJbmRleE9mKCcpJyk7XG4gIGlmIChvcGVuIDwgMCB8fCBjbG9zZSA8IG9wZW4pIHJldHVybiB1bmRlZmluZWQ7XG4gIGNvbnN0IGZpZWxkcyA9IHRleHQuc2xpY2UoY2xvc2UgKyAyKS5zcGxpdCgnICcpO1xuICBjb25zdCBzdGFydFRpbWUgPSBmaWVsZHNbMTldO1xuICBpZiAoc3RhcnRUaW1lID09PSB1bmRlZmluZWQpIHJldHVybiB1bmRlZmluZWQ7XG4gIGNvbnN0IHN0YXRlID0gZmllbGRzWzBdO1xuICByZXR1cm4ge1xuICAgIHBpZDogTnVtYmVyKHRleHQuc2xpY2UoMCwgb3BlbikpLFxuICAgIHBwaWQ6IE51bWJlcihmaWVsZHNbMV0pLFxuICAgIHN0YXJ0VGltZSxcbiAgICB6b21iaWU6IHN0YXRlID09PSAnWicgfHwgc3RhdGUgPT09ICdYJyxcbiAgfTtcbn1cblxuLyoqIGBsc29mIC1uUCAtaVRDUDpQT1JUIC1zVENQOkxJU1RFTiAtRnBgIChtYWNPUyk6IGxpbmVzIHRoYXQgYmVnaW4gd2l0aCBgcGAgbmFtZSB0aGUgcHJvY2Vzcy4gKi9cbmV4cG9ydCBmdW5jdGlvbiBwYXJzZUxzb2YodGV4dDogc3RyaW5nKTogbnVtYmVyIHwgdW5kZWZpbmVkIHtcbiAgY29uc3QgbGluZSA9IHRleHQuc3BsaXQoJ1xcbicpLmZpbmQoKGNhbmRpZGF0ZSkgPT4gL15wXFxkKyQvLnRlc3QoY2FuZGlkYXRlKSk7XG4gIHJldHVybiBsaW5lID09PSB1bmRlZmluZWQgPyB1bmRlZmluZWQgOiBOdW1iZXIobGluZS5zbGljZSgxKSk7XG59XG5cbi8qKiBgbmV0c3RhdCAtYW5vIC1wIFRDUGAgKFdpbmRvd3MpLiBUaGUgc3RhdGUgaXMgdHJhbnNsYXRlZCB0aGVyZSwgYnV0IGEgbGlzdGVuZXIncyBwZWVyIGlzIGFsd2F5cyBwb3J0IDAuICovXG5leHBvcnQgZnVuY3Rpb24gcGFyc2VOZXRzdGF0KHRleHQ6IHN0cmluZywgcG9ydDogbnVtYmVyKTogbnVtYmVyIHwgdW5kZWZpbmVkIHtcbiAgZm9yIChjb25zdCBsaW5lIG9mIHRleHQuc3BsaXQoL1xccj9cXG4vKSkge1xuICAgIGNvbnN0IFtwcm90b2NvbCwgbG9jYWwsIHJlbW90ZSwgLCBwaWRdID0gbGluZS50cmltKCkuc3BsaXQoL1xccysvKTtcbiAgICBpZiAocHJvdG9jb2wgIT09ICdUQ1AnIHx8IGxvY2FsID09PSB1bmRlZmluZWQgfHwgcmVtb3RlID09PSB1bmRlZmluZWQpIGNvbnRpbnVlO1xuICAgIGlmIChsb2NhbC5lbmRzV2l0aChgOiR7cG9ydH1gKSAmJiByZW1vdGUuZW5kc1dpdGgoJzowJykpIHJldHVybiBOdW1iZXIocGlkKTtcbiAgfVxuICByZXR1cm4gdW5kZWZpbmVkO1xufVxuXG4vKiogYC9wcm9jL25ldC90Y3BgIGFuZCBgdGNwNmAgKExpbnV4KTogaW5vZGVzIG9mIHRoZSBzb2NrZXRzIHRoYXQgbGlzdGVuIChzdGF0ZSAwQSkgb24gYSBwb3J0LiAqL1xuZXhwb3J0IGZ1bmN0aW9uIHBhcnNlUHJvY05ldCh0ZXh0OiBzdHJpbmcsIHBvcnQ6IG51bWJlcik6IHN0cmluZ1tdIHtcbiAgY29uc3Qgd2FudGVkID0gYDoke3BvcnQudG9TdHJpbmcoMTYpLnRvVXBwZXJDYXNlKCkucGFkU3RhcnQoNCwgJzAnKX1gO1xuICByZXR1cm4gdGV4dFxuICAgIC5zcGxpdCgnXFxuJylcbiAgICAubWFwKChsaW5lKSA9PiBsaW5lLnRyaW0oKS5zcGxpdCgvXFxzKy8pKVxuICAgIC5maWx0ZXIoKGZpZWxkcykgPT4gZmllbGRzWzFdPy5lbmRzV2l0aCh3YW50ZWQpICYmIGZpZWxkc1szXSA9PT0gJzBBJylcbiAgICAubWFwKChmaWVsZHMpID0+IGZpZWxkc1s5XSEpO1xufVxuIiwgIi8qKiBSdW5zIG9uZSBvZiB0aGUgc3lzdGVtJ3Mgb3duIHRvb2xzIGFuZCByZXR1cm5zIHdoYXQgaXQgcHJpbnRlZDsgdW5kZWZpbmVkIHdoZW4gaXQgaXMgbWlzc2luZywgZmFpbHMgb3IgaGFuZ3MuICovXG5pbXBvcnQgeyBleGVjRmlsZSB9IGZyb20gJ25vZGU6Y2hpbGRfcHJvY2Vzcyc7XG5cbmNvbnN0IFRPT0xfTVMgPSA1MDAwO1xuXG5leHBvcnQgZnVuY3Rpb24gcnVuVG9vbChmaWxlOiBzdHJpbmcsIGFyZ3M6IHJlYWRvbmx5IHN0cmluZ1tdKTogUHJvbWlzZTxzdHJpbmcgfCB1bmRlZmluZWQ+IHtcbiAgcmV0dXJuIG5ldyBQcm9taXNlKChyZXNvbHZlKSA9PiB7XG4gICAgY29uc3Qgb3B0aW9ucyA9IHtcbiAgICAgIHRpbWVvdXQ6IFRPT0xfTVMsXG4gICAgICBtYXhCdWZmZXI6IDMyICogMTAyNCAqIDEwMjQsXG4gICAgICB3aW5kb3dzSGlkZTogdHJ1ZSxcbiAgICAgIGVudjogeyAuLi5wcm9jZXNzLmVudiwgTENfQUxMOiAnQycgfSxcbiAgICB9O1xuICAgIHRyeSB7XG4gICAgICBleGVjRmlsZShmaWxlLCBhcmdzLCBvcHRpb25zLCAoZXJyb3IsIHN0ZG91dCkgPT4gcmVzb2x2ZShlcnJvciA9PT0gbnVsbCA/IHN0ZG91dCA6IHVuZGVmaW5lZCkpO1xuICAgIH0gY2F0Y2gge1xuICAgICAgcmVzb2x2ZSh1bmRlZmluZWQpO1xuICAgIH1cbiAgfSk7XG59XG4iLCAiLyoqIFJ1bnMgdGhlIGJ1aWx0IGNvbW1hbmQgbGluZSAoYGRpc3QvY2xpLmpzYCkgYXMgYSBkcml2ZXIgd291bGQsIGFuZCBsZWF2ZXMgbm8gcHJvY2VzcyBiZWhpbmQuICovXG5pbXBvcnQgeyB0eXBlIENoaWxkUHJvY2Vzcywgc3Bhd24gfSBmcm9tICdub2RlOmNoaWxkX3Byb2Nlc3MnO1xuaW1wb3J0IHBhdGggZnJvbSAnbm9kZTpwYXRoJztcbmltcG9ydCB7IGFmdGVyIH0gZnJvbSAnbm9kZTp0ZXN0JztcbmltcG9ydCB0eXBlIHsgQ29tbWFuZCwgU2VydmVyRXZlbnQgfSBmcm9tICcuLi8uLi9zcmMvcHJvdG9jb2wvbWVzc2FnZXMudHMnO1xuXG4vKiogSG93IGxvbmcge0BsaW5rIENsaS53YWl0Rm9yfSB3YWl0cyB1bmxlc3MgdG9sZCBvdGhlcndpc2UuICovXG5jb25zdCBERUFETElORV9NUyA9IDE1XzAwMDtcblxuY29uc3QgcnVubmluZyA9IG5ldyBTZXQ8Q2xpPigpO1xuYWZ0ZXIoKCkgPT4gUHJvbWlzZS5hbGwoWy4uLnJ1bm5pbmddLm1hcCgoY2xpKSA9PiBjbGkua2lsbCgpKSkpO1xucHJvY2Vzcy5vbignZXhpdCcsICgpID0+IHtcbiAgZm9yIChjb25zdCBjbGkgb2YgcnVubmluZykgY2xpLmtpbGxOb3coKTtcbn0pO1xuXG5leHBvcnQgaW50ZXJmYWNlIENsaU9wdGlvbnMge1xuICAvKiogRm9sZGVyIHRvIHJ1biBpbjsgdGhlIHJlcG9zaXRvcnkncyByb290IHVubGVzcyBnaXZlbi4gKi9cbiAgY3dkPzogc3RyaW5nO1xuICAvKiogVmFyaWFibGVzIGJlc2lkZSB0aGUgdGVzdCdzIG93bjsgdW5kZWZpbmVkIHJlbW92ZXMgb25lLiAqL1xuICBlbnY/OiBSZWNvcmQ8c3RyaW5nLCBzdHJpbmcgfCB1bmRlZmluZWQ+O1xuICAvKiogRHJpdmUgaXQgb3ZlciBgLS1qc29uYCAodHJ1ZSB1bmxlc3MgZ2l2ZW4pOyB3aXRob3V0LCByZWFkIHtAbGluayBDbGkuc3Rkb3V0fSBhcyBhIHBlcnNvbiB3b3VsZC4gKi9cbiAganNvbj86IGJvb2xlYW47XG4gIC8qKiBUaGUgYWRkcmVzcyBhcmd1bWVudDogYSBmcmVlIHBvcnQgb2YgMTI3LjAuMC4xIHVubGVzcyBnaXZlbjsgdW5kZWZpbmVkIGxlYXZlcyBpdCBvdXQuICovXG4gIGFkZHJlc3M/OiBzdHJpbmcgfCB1bmRlZmluZWQ7XG4gIC8qKiBUaGUgTm9kZSB0aGF0IHJ1bnMgdGhlIGNvbW1hbmQgbGluZTsgdGhlIHRlc3QncyBvd24gdW5sZXNzIGdpdmVuLiAqL1xuICBub2RlPzogc3RyaW5nO1xufVxuXG5leHBvcnQgaW50ZXJmYWNlIENsaUV4aXQge1xuICBjb2RlOiBudW1iZXIgfCBudWxsO1xuICBzaWduYWw6IE5vZGVKUy5TaWduYWxzIHwgbnVsbDtcbn1cblxudHlwZSBFdmVudE9mPFQgZXh0ZW5kcyBTZXJ2ZXJFdmVudFsndHlwZSddPiA9IEV4dHJhY3Q8U2VydmVyRXZlbnQsIHsgdHlwZTogVCB9PjtcblxuLyoqXG4gKiBTdGFydHMgdGhlIGNvbW1hbmQgbGluZS4gSXQsIGFuZCB0aGUgd29ya2VycyBpdCB0b2xkIG9mLCBhcmUga2lsbGVkIGFmdGVyIHRoZSB0ZXN0cyBvZiB0aGUgZmlsZSwgYXQgdGhlIGxhdGVzdC5cbiAqL1xuZXhwb3J0IGZ1bmN0aW9uIHN0YXJ0Q2xpKGFyZ3M6IHJlYWRvbmx5IHN0cmluZ1tdLCBvcHRpb25zOiBDbGlPcHRpb25zID0ge30pOiBDbGkge1xuICByZXR1cm4gbmV3IENsaShhcmdzLCBvcHRpb25zKTtcbn1cblxuZXhwb3J0IGNsYXNzIENsaSB7XG4gIHJlYWRvbmx5IGNoaWxkOiBDaGlsZFByb2Nlc3M7XG4gIC8qKiBFdmVyeSBldmVudCBzbyBmYXIsIGluIG9yZGVyLiAqL1xuICByZWFkb25seSBldmVudHM6IFNlcnZlckV2ZW50W10gPSBbXTtcbiAgLyoqIFJlc29sdmVzIHdpdGggdGhlIGZpcnN0IGByZWFkeWA7IHJlamVjdHMgd2hlbiB0aGUgcHJvY2VzcyBlbmRzIGJlZm9yZSBpdC4gKi9cbiAgcmVhZG9ubHkgcmVhZHk6IFByb21pc2U8RXZlbnRPZjwncmVhZHknPj47XG4gIC8qKiBSZXNvbHZlcyB3aGVuIHRoZSBwcm9jZXNzIGhhcyBlbmRlZCBhbmQgaXRzIG91dHB1dCB3YXMgcmVhZCB0byB0aGUgZW5kLiAqL1xuICByZWFkb25seSBleGl0OiBQcm9taXNlPENsaUV4aXQ+O1xuICBzdGRvdXQgPSAnJztcbiAgc3RkZXJyID0gJyc7XG4gICNlbmRlZDogQ2xpRXhpdCB8IHVuZGVmaW5lZDtcbiAgI2NoZWNrcyA9IG5ldyBTZXQ8KCkgPT4gdm9pZD4oKTtcbiAgI3BhcnRpYWwgPSAnJztcbiAgI25leHRJZCA9IDFfMDAwXzAwMDtcblxuICBjb25zdHJ1Y3RvcihhcmdzOiByZWFkb25seSBzdHJpbmdbXSwgb3B0aW9uczogQ2xpT3B0aW9ucykge1xuICAgIGNvbnN0IHsgY3dkLCBlbnYsIGpzb24gPSB0cnVlLCBub2RlID0gcHJvY2Vzcy5leGVjUGF0aCB9ID0gb3B0aW9ucztcbiAgICBjb25zdCBhZGRyZXNzID0gJ2FkZHJlc3MnIGluIG9wdGlvbnMgPyBvcHRpb25zLmFkZHJlc3MgOiAnMCc7XG4gICAgY29uc3Qgb3duID0gWy4uLihqc29uID8gWyctLWpzb24nXSA6IFtdKSwgLi4uKGFkZHJlc3MgPT09IHVuZGVmaW5lZCA/IFtdIDogW2FkZHJlc3NdKV07XG4gICAgdGhpcy5jaGlsZCA9IHNwYXduKG5vZGUsIFtwYXRoLnJlc29sdmUoJ2Rpc3QvY2xpLmpzJyksIC4uLm93biwgLi4uYXJnc10sIHtcbiAgICAgIGN3ZDogY3dkID8/IHByb2Nlc3MuY3dkKCksXG4gICAgICBlbnY6IHsgLi4ucHJvY2Vzcy5lbnYsIE5PX0NPTE9SOiB1bmRlZmluZWQsIEZPUkNFX0NPTE9SOiB1bmRlZmluZWQsIC4uLmVudiB9LFxuICAgICAgc3RkaW86IFsncGlwZScsICdwaXBlJywgJ3BpcGUnXSxcbiAgICB9KTtcbiAgICBydW5uaW5nLmFkZCh0aGlzKTtcbiAgICB0aGlzLmNoaWxkLnN0ZGluPy5vbignZXJyb3InLCAoKSA9PiB7fSk7XG4gICAgdGhpcy5jaGlsZC5zdGRvdXQ/LnNldEVuY29kaW5nKCd1dGY4Jykub24oJ2RhdGEnLCAodGV4dDogc3RyaW5nKSA9PiB7XG4gICAgICB0aGlzLnN0ZG91dCArPSB0ZXh0O1xuICAgICAgaWYgKGpzb24pIHRoaXMuI3JlYWRMaW5lcyh0ZXh0KTtcbiAgICAgIHRoaXMuI2NoZWNrKCk7XG4gICAgfSk7XG4gICAgdGhpcy5jaGlsZC5zdGRlcnI/LnNldEVuY29kaW5nKCd1dGY4Jykub24oJ2RhdGEnLCAodGV4dDogc3RyaW5nKSA9PiB7XG4gICAgICB0aGlzLnN0ZGVyciArPSB0ZXh0O1xuICAgICAgdGhpcy4jY2hlY2soKTtcbiAgICB9KTtcbiAgICB0aGlzLmV4aXQgPSBuZXcgUHJvbWlzZSgocmVzb2x2ZSwgcmVqZWN0KSA9PiB7XG4gICAgICB0aGlzLmNoaWxkLm9uY2UoJ2Vycm9yJywgcmVqZWN0KTtcbiAgICAgIHRoaXMuY2hpbGQub25jZSgnY2xvc2UnLCAoY29kZSwgc2lnbmFsKSA9PiB7XG4gICAgICAgIHJ1bm5pbmcuZGVsZXRlKHRoaXMpO1xuICAgICAgICB0aGlzLiNlbmRlZCA9IHsgY29kZSwgc2lnbmFsIH07XG4gICAgICAgIHJlc29sdmUodGhpcy4jZW5kZWQpO1xuICAgICAgICB0aGlzLiNjaGVjaygpO1xuICAgICAgfSk7XG4gICAgfSk7XG4gICAgdGhpcy5yZWFkeSA9IHRoaXMud2FpdEZvclR5cGUoJ3JlYWR5Jyk7XG4gICAgLy8gV2hvZXZlciBkb2VzIG5vdCB3YWl0IGZvciBgcmVhZHlgIGlzIG5vdCB0byBmYWlsIGJ5IGl0LlxuICAgIHRoaXMucmVhZHkuY2F0Y2goKCkgPT4ge30pO1xuICB9XG5cbiAgZ2V0IHBpZCgpOiBudW1iZXIge1xuICAgIHJldHVybiB0aGlzLmNoaWxkLnBpZCA/PyAwO1xuICB9XG5cbiAgLyoqIFRoZSBwdWJsaWMgYWRkcmVzcyB3aXRob3V0IHRoZSB0cmFpbGluZyBzbGFzaDsgdGhyb3dzIGJlZm9yZSBgcmVhZHlgLiAqL1xuICBnZXQgdXJsKCk6IHN0cmluZyB7XG4gICAgY29uc3QgcmVhZHkgPSB0aGlzLm9mVHlwZSgncmVhZHknKVswXTtcbiAgICBpZiAocmVhZHkgPT09IHVuZGVmaW5lZCkgdGhyb3cgbmV3IEVycm9yKGBOb3QgcmVhZHkgeWV0LiR7dGhpcy4jc3RvcnkoKX1gKTtcbiAgICByZXR1cm4gcmVhZHkudXJsLnJlcGxhY2UoL1xcLyQvLCAnJyk7XG4gIH1cblxuICBvZlR5cGU8VCBleHRlbmRzIFNlcnZlckV2ZW50Wyd0eXBlJ10+KHR5cGU6IFQpOiBFdmVudE9mPFQ+W10ge1xuICAgIHJldHVybiB0aGlzLmV2ZW50cy5maWx0ZXIoKGV2ZW50KTogZXZlbnQgaXMgRXZlbnRPZjxUPiA9PiBldmVudC50eXBlID09PSB0eXBlKTtcbiAgfVxuXG4gIHNlbmQoY29tbWFuZDogQ29tbWFuZCk6IHZvaWQge1xuICAgIHRoaXMud3JpdGUoYCR7SlNPTi5zdHJpbmdpZnkoY29tbWFuZCl9XFxuYCk7XG4gIH1cblxuICAvKiogV3JpdGVzIHRvIHN0ZGluIGFzIGl0IGlzLCB0byBzZW5kIHdoYXQgaXMgbm8gY29tbWFuZC4gKi9cbiAgd3JpdGUodGV4dDogc3RyaW5nIHwgVWludDhBcnJheSk6IHZvaWQge1xuICAgIHRoaXMuY2hpbGQuc3RkaW4/LndyaXRlKHRleHQpO1xuICB9XG5cbiAgLyoqIFNlbmRzIGEgY29tbWFuZCB3aXRoIGFuIGlkIG9mIGl0cyBvd24sIGFuZCByZXNvbHZlcyB3aXRoIHRoZSBldmVudCB0aGF0IGFuc3dlcnMgaXQuICovXG4gIGFzayhjb21tYW5kOiBDb21tYW5kKTogUHJvbWlzZTxTZXJ2ZXJFdmVudD4ge1xuICAgIGNvbnN0IGlkID0gdGhpcy4jbmV4dElkKys7XG4gICAgdGhpcy5zZW5kKHsgLi4uY29tbWFuZCwgaWQgfSk7XG4gICAgcmV0dXJuIHRoaXMud2FpdEZvcigoZXZlbnQpID0+ICdpZCcgaW4gZXZlbnQgJiYgZXZlbnQudHlwZSAhPT0gJ3dvcmtlcicgJiYgZXZlbnQuaWQgPT09IGlkLCB7XG4gICAgICB3aGF0OiBgYW5zd2VyIHRvICR7Y29tbWFuZC50eXBlfWAsXG4gICAgfSk7XG4gIH1cblxuICAvKiogVGhlIGZpcnN0IGV2ZW50LCBvZiBhbGwgc28gZmFyIGFuZCB0byBjb21lLCBmb3Igd2hpY2ggYHByZWRpY2F0ZWAgaXMgdHJ1ZS4gKi9cbiAgYXN5bmMgd2FpdEZvcihcbiAgICBwcmVkaWNhdGU6IChldmVudDogU2VydmVyRXZlbnQpID0+IGJvb2xlYW4sXG4gICAgeyB3aGF0ID0gcHJlZGljYXRlLnRvU3RyaW5nKCksIGRlYWRsaW5lTXMgPSBERUFETElORV9NUywgZnJvbSA9IDAgfSA9IHt9LFxuICApOiBQcm9taXNlPFNlcnZlckV2ZW50PiB7XG4gICAgbGV0IGF0ID0gZnJvbTtcbiAgICBsZXQgZm91bmQ6IFNlcnZlckV2ZW50IHwgdW5kZWZpbmVkO1xuICAgIGF3YWl0IHRoaXMuI3VudGlsKFxuICAgICAgKCkgPT4ge1xuICAgICAgICB3aGlsZSAoZm91bmQgPT09IHVuZGVmaW5lZCAmJiBhdCA8IHRoaXMuZXZlbnRzLmxlbmd0aCkge1xuICAgICAgICAgIGNvbnN0IGV2ZW50ID0gdGhpcy5ldmVudHNbYXQrK10hO1xuICAgICAgICAgIGlmIChwcmVkaWNhdGUoZXZlbnQpKSBmb3VuZCA9IGV2ZW50O1xuICAgICAgICB9XG4gICAgICAgIHJldHVybiBmb3VuZCAhPT0gdW5kZWZpbmVkO1xuICAgICAgfSxcbiAgICAgIHdoYXQsXG4gICAgICBkZWFkbGluZU1zLFxuICAgICk7XG4gICAgcmV0dXJuIGZvdW5kITtcbiAgfVxuXG4gIGFzeW5jIHdhaXRGb3JUeXBlPFQgZXh0ZW5kcyBTZXJ2ZXJFdmVudFsndHlwZSddPih0eXBlOiBUKTogUHJvbWlzZTxFdmVudE9mPFQ+PiB7XG4gICAgcmV0dXJuIChhd2FpdCB0aGlzLndhaXRGb3IoKGV2ZW50KSA9PiBldmVudC50eXBlID09PSB0eXBlLCB7IHdoYXQ6IHR5cGUgfSkpIGFzIEV2ZW50T2Y8VD47XG4gIH1cblxuICAvKiogV2FpdHMgZm9yIGBwYXR0ZXJuYCBpbiB3aGF0IGEgcGVyc29uIHNlZXM6IHN0ZG91dCwgdGhlbiBzdGRlcnIuICovXG4gIGFzeW5jIHdhaXRGb3JPdXRwdXQocGF0dGVybjogUmVnRXhwLCBkZWFkbGluZU1zID0gREVBRExJTkVfTVMpOiBQcm9taXNlPFJlZ0V4cEV4ZWNBcnJheT4ge1xuICAgIGxldCBmb3VuZDogUmVnRXhwRXhlY0FycmF5IHwgbnVsbCA9IG51bGw7XG4gICAgYXdhaXQgdGhpcy4jdW50aWwoXG4gICAgICAoKSA9PiB7XG4gICAgICAgIGZvdW5kID0gcGF0dGVybi5leGVjKHRoaXMuc3Rkb3V0KSA/PyBwYXR0ZXJuLmV4ZWModGhpcy5zdGRlcnIpO1xuICAgICAgICByZXR1cm4gZm91bmQgIT09IG51bGw7XG4gICAgICB9LFxuICAgICAgU3RyaW5nKHBhdHRlcm4pLFxuICAgICAgZGVhZGxpbmVNcyxcbiAgICApO1xuICAgIHJldHVybiBmb3VuZCE7XG4gIH1cblxuICAvKiogQXNrcyBpdCB0byBzdG9wLCBhbmQgcmVzb2x2ZXMgd2hlbiBpdCBoYXMgZW5kZWQ7IGZhaWxzIHdoZW4gaXQgZG9lcyBub3QgZW5kIGluIHRpbWUuICovXG4gIGFzeW5jIHN0b3AoKTogUHJvbWlzZTxDbGlFeGl0PiB7XG4gICAgaWYgKHRoaXMuI2VuZGVkID09PSB1bmRlZmluZWQpIHtcbiAgICAgIGlmICh0aGlzLmNoaWxkLnN0ZG91dCAhPT0gbnVsbCAmJiB0aGlzLmV2ZW50cy5sZW5ndGggPiAwKSB0aGlzLnNlbmQoeyB0eXBlOiAnc3RvcCcgfSk7XG4gICAgICBlbHNlIHRoaXMuY2hpbGQua2lsbCgnU0lHVEVSTScpO1xuICAgIH1cbiAgICByZXR1cm4gdGhpcy53YWl0Rm9yRXhpdCgpO1xuICB9XG5cbiAgLyoqIExpa2Uge0BsaW5rIGV4aXR9LCB3aXRoIGEgZGVhZGxpbmUuICovXG4gIGFzeW5jIHdhaXRGb3JFeGl0KGRlYWRsaW5lTXMgPSBERUFETElORV9NUyk6IFByb21pc2U8Q2xpRXhpdD4ge1xuICAgIGF3YWl0IHRoaXMuI3VudGlsKCgpID0+IHRoaXMuI2VuZGVkICE9PSB1bmRlZmluZWQsICd0aGUgZW5kIG9mIHRoZSBwcm9jZXNzJywgZGVhZGxpbmVNcyk7XG4gICAgcmV0dXJuIHRoaXMuI2VuZGVkITtcbiAgfVxuXG4gIC8qKiBFbmRzIGl0IGF0IG9uY2Ugd2l0aCBhbGwgaXRzIHdvcmtlcnM7IGZvciBjbGVhbi11cC4gKi9cbiAgYXN5bmMga2lsbCgpOiBQcm9taXNlPHZvaWQ+IHtcbiAgICBpZiAodGhpcy4jZW5kZWQgIT09IHVuZGVmaW5lZCkgcmV0dXJuO1xuICAgIHRoaXMua2lsbE5vdygpO1xuICAgIGF3YWl0IHRoaXMuZXhpdC5jYXRjaCgoKSA9PiB7fSk7XG4gIH1cblxuICAvKiogQXMge0BsaW5rIGtpbGx9LCB3aXRob3V0IHdhaXRpbmcuICovXG4gIGtpbGxOb3coKTogdm9pZCB7XG4gICAgaWYgKHRoaXMuI2VuZGVkICE9PSB1bmRlZmluZWQpIHJldHVybjtcbiAgICB0aGlzLmNoaWxkLmtpbGwoJ1NJR0tJTEwnKTtcbiAgICBmb3IgKGNvbnN0IHBpZCBvZiB0aGlzLndvcmtlclBpZHMoKSkga2lsbFBpZChwaWQpO1xuICB9XG5cbiAgLyoqIFByb2Nlc3NlcyBvZiB0aGUgd29ya2VycyB0aGF0IGhhdmUgbm90IGJlZW4gcmVwb3J0ZWQgYXMgZ29uZTsgZW1wdHkgaW4gdGhyZWFkIG1vZGUuICovXG4gIHdvcmtlclBpZHMoKTogbnVtYmVyW10ge1xuICAgIGNvbnN0IGFsaXZlID0gbmV3IE1hcDxudW1iZXIsIG51bWJlcj4oKTtcbiAgICBmb3IgKGNvbnN0IHsgaWQsIHBpZCwgc3RhdGUgfSBvZiB0aGlzLm9mVHlwZSgnd29ya2VyJykpIHtcbiAgICAgIGlmIChzdGF0ZSA9PT0gJ3N0b3BwZWQnIHx8IHN0YXRlID09PSAnY3Jhc2hlZCcpIGFsaXZlLmRlbGV0ZShpZCk7XG4gICAgICBlbHNlIGlmIChwaWQgIT09IHVuZGVmaW5lZCAmJiBwaWQgIT09IHRoaXMucGlkKSBhbGl2ZS5zZXQoaWQsIHBpZCk7XG4gICAgfVxuICAgIHJldHVybiBbLi4ubmV3IFNldChhbGl2ZS52YWx1ZXMoKSldO1xuICB9XG5cbiAgI3JlYWRMaW5lcyh0ZXh0OiBzdHJpbmcpOiB2b2lkIHtcbiAgICBjb25zdCBsaW5lcyA9ICh0aGlzLiNwYXJ0aWFsICsgdGV4dCkuc3BsaXQoJ1xcbicpO1xuICAgIHRoaXMuI3BhcnRpYWwgPSBsaW5lcy5wb3AoKSA/PyAnJztcbiAgICBmb3IgKGNvbnN0IGxpbmUgb2YgbGluZXMpIHRoaXMuZXZlbnRzLnB1c2gocGFyc2VFdmVudChsaW5lKSk7XG4gIH1cblxuICAjY2hlY2soKTogdm9pZCB7XG4gICAgZm9yIChjb25zdCBjaGVjayBvZiBbLi4udGhpcy4jY2hlY2tzXSkgY2hlY2soKTtcbiAgfVxuXG4gIC8qKiBSZXNvbHZlcyB3aGVuIGBkb25lYCBpcyB0cnVlOyBpdCBpcyBhc2tlZCBhZ2FpbiB3aGVuZXZlciBzb21ldGhpbmcgY2FtZSBmcm9tIHRoZSBwcm9jZXNzLiAqL1xuICAjdW50aWwoZG9uZTogKCkgPT4gYm9vbGVhbiwgd2hhdDogc3RyaW5nLCBkZWFkbGluZU1zOiBudW1iZXIpOiBQcm9taXNlPHZvaWQ+IHtcbiAgICByZXR1cm4gbmV3IFByb21pc2UoKHJlc29sdmUsIHJlamVjdCkgPT4ge1xuICAgICAgY29uc3Qgc2V0dGxlID0gKGVycm9yPzogRXJyb3IpOiB2b2lkID0+IHtcbiAgICAgICAgY2xlYXJUaW1lb3V0KGxhdGUpO1xuICAgICAgICB0aGlzLiNjaGVja3MuZGVsZXRlKGNoZWNrKTtcbiAgICAgICAgaWYgKGVycm9yID09PSB1bmRlZmluZWQpIHJlc29sdmUoKTtcbiAgICAgICAgZWxzZSByZWplY3QoZXJyb3IpO1xuICAgICAgfTtcbiAgICAgIGNvbnN0IGNoZWNrID0gKCk6IHZvaWQgPT4ge1xuICAgICAgICBpZiAoZG9uZSgpKSBzZXR0bGUoKTtcbiAgICAgICAgZWxzZSBpZiAodGhpcy4jZW5kZWQgIT09IHVuZGVmaW5lZClcbiAgICAgICAgICBzZXR0bGUobmV3IEVycm9yKGBUaGUgcHJvY2VzcyBlbmRlZCBiZWZvcmU6ICR7d2hhdH0uJHt0aGlzLiNzdG9yeSgpfWApKTtcbiAgICAgIH07XG4gICAgICBjb25zdCBsYXRlID0gc2V0VGltZW91dCgoKSA9PiB7XG4gICAgICAgIHNldHRsZShuZXcgRXJyb3IoYE5vdCBzZWVuIHdpdGhpbiAke2RlYWRsaW5lTXN9IG1zOiAke3doYXR9LiR7dGhpcy4jc3RvcnkoKX1gKSk7XG4gICAgICB9LCBkZWFkbGluZU1zKTtcbiAgICAgIHRoaXMuI2NoZWNrcy5hZGQoY2hlY2spO1xuICAgICAgY2hlY2soKTtcbiAgICB9KTtcbiAgfVxuXG4gIC8qKiBXaGF0IGhhcHBlbmVkIGxhc3QsIGZvciB0aGUgbWVzc2FnZSBvZiBhIGZhaWxlZCB0ZXN0LiAqL1xuICAjc3RvcnkoKTogc3RyaW5nIHtcbiAgICBjb25zdCBldmVudHMgPSB0aGlzLmV2ZW50cy5zbGljZSgtMTUpLm1hcCgoZXZlbnQpID0+IGBcXG4gICR7SlNPTi5zdHJpbmdpZnkoZXZlbnQpLnNsaWNlKDAsIDQwMCl9YCk7XG4gICAgY29uc3QgZW5kID1cbiAgICAgIHRoaXMuI2VuZGVkID09PSB1bmRlZmluZWQgPyAnJyA6IGBcXG5lbmRlZDogY29kZSAke3RoaXMuI2VuZGVkLmNvZGV9LCBzaWduYWwgJHt0aGlzLiNlbmRlZC5zaWduYWx9YDtcbiAgICBjb25zdCBvdXQgPSB0aGlzLmV2ZW50cy5sZW5ndGggPiAwID8gJycgOiBgXFxuc3Rkb3V0OiAke3RoaXMuc3Rkb3V0LnNsaWNlKC0yMDAwKX1gO1xuICAgIHJldHVybiBgXFxubGFzdCBldmVudHM6JHtldmVudHMuam9pbignJyl9JHtvdXR9XFxuc3RkZXJyOiAke3RoaXMuc3RkZXJyLnNsaWNlKC0yMDAwKX0ke2VuZH1gO1xuICB9XG59XG5cbi8qKiBBIGxpbmUgdGhhdCBpcyBubyBldmVudCBiZWNvbWVzIGEgYGxvZ2AgZXZlbnQgdGhhdCBubyBzZXJ2ZXIgc2VuZHMsIHNvIHRoYXQgYSB0ZXN0IHNlZXMgaXQgaW4gaXRzIG1lc3NhZ2UuICovXG5mdW5jdGlvbiBwYXJzZUV2ZW50KGxpbmU6IHN0cmluZyk6IFNlcnZlckV2ZW50IHtcbiAgdHJ5IHtcbiAgICByZXR1cm4gSlNPTi5wYXJzZShsaW5lKSBhcyBTZXJ2ZXJFdmVudDtcbiAgfSBjYXRjaCB7XG4gICAgcmV0dXJuIHsgdHlwZTogJ2xvZycsIGxldmVsOiAnZXJyb3InLCBzb3VyY2U6ICdzZXJ2ZXInLCB0ZXh0OiBgTk9UIEpTT046ICR7bGluZX1gIH07XG4gIH1cbn1cblxuZnVuY3Rpb24ga2lsbFBpZChwaWQ6IG51bWJlcik6IHZvaWQge1xuICB0cnkge1xuICAgIHByb2Nlc3Mua2lsbChwaWQsICdTSUdLSUxMJyk7XG4gIH0gY2F0Y2gge1xuICAgIC8vIEl0IGlzIGdvbmUgYWxyZWFkeS5cbiAgfVxufVxuIiwgIi8qKiBUaGUgY29udHJhY3QgaG9sZHMgZm9yIGV2ZXJ5IGtpbmQgb2Ygd29ya2VyOiB3aGF0IGl0IHNheXMgaXMgdGVzdGVkIG9uY2UgZm9yIGVhY2guICovXG5pbXBvcnQgcGF0aCBmcm9tICdub2RlOnBhdGgnO1xuaW1wb3J0IHsgZGVzY3JpYmUgfSBmcm9tICdub2RlOnRlc3QnO1xuaW1wb3J0IHsgTU9ERVMsIHR5cGUgTW9kZSB9IGZyb20gJy4uLy4uL3NyYy9wcm90b2NvbC9jb25maWcudHMnO1xuaW1wb3J0IHR5cGUgeyBXb3JrZXJTdGF0ZSB9IGZyb20gJy4uLy4uL3NyYy9wcm90b2NvbC9tZXNzYWdlcy50cyc7XG5pbXBvcnQgeyB0eXBlIENsaSwgdHlwZSBDbGlPcHRpb25zLCBzdGFydENsaSB9IGZyb20gJy4uL3N1cHBvcnQvY2xpLnRzJztcbmltcG9ydCB7IHRlc3RQeXRob24gfSBmcm9tICcuLi9zdXBwb3J0L3B5dGhvbi50cyc7XG5cbi8qKiBTdGFydHMgYSBwcm9ncmFtIG9mIHRlc3QvZml4dHVyZXMgdW5kZXIgdGhlIGNvbW1hbmQgbGluZTsgaXQgZW5kcyB3aXRoIHRoZSB0ZXN0IGZpbGUgYXQgdGhlIGxhdGVzdC4gKi9cbmV4cG9ydCB0eXBlIFN0YXJ0ID0gKGFwcDogc3RyaW5nLCBhcmdzPzogcmVhZG9ubHkgc3RyaW5nW10sIG9wdGlvbnM/OiBDbGlPcHRpb25zKSA9PiBQcm9taXNlPENsaT47XG5cbi8qKiBXaGF0IHJ1bnMgdGhlIGFwcCBpbiBhIHdvcmtlci4gKi9cbmV4cG9ydCB0eXBlIFNwZWVjaCA9ICdub2RlJyB8ICd3c2dpJyB8ICdhc2dpJztcblxuLyoqXG4gKiBEZWZpbmVzIHRoZSB0ZXN0cyBvbmNlIGZvciBlYWNoIGtpbmQgb2Ygd29ya2VyLCBvZiB0aG9zZSBmb3Igd2hpY2ggdGhlIGFwcCBpcyB0aGVyZTogYXMgTkFNRS5janMgZm9yIE5vZGUsIGFzXG4gKiBweXRob24vd3NnaS9OQU1FLnB5IGFuZCBweXRob24vYXNnaS9OQU1FLnB5IGZvciBQeXRob24uXG4gKi9cbmV4cG9ydCBmdW5jdGlvbiBmb3JFYWNoTW9kZShkZWZpbmU6IERlZmluZSk6IHZvaWQ7XG5leHBvcnQgZnVuY3Rpb24gZm9yRWFjaE1vZGUoc3BlZWNoZXM6IHJlYWRvbmx5IFNwZWVjaFtdLCBkZWZpbmU6IERlZmluZSk6IHZvaWQ7XG5leHBvcnQgZnVuY3Rpb24gZm9yRWFjaE1vZGUoZmlyc3Q6IERlZmluZSB8IHJlYWRvbmx5IFNwZWVjaFtdLCBzZWNvbmQ/OiBEZWZpbmUpOiB2b2lkIHtcbiAgY29uc3QgW3NwZWVjaGVzLCBkZWZpbmVdID0gdHlwZW9mIGZpcnN0ID09PSAnZnVuY3Rpb24nID8gW1snbm9kZSddIGFzIGNvbnN0LCBmaXJzdF0gOiBbZmlyc3QsIHNlY29uZCFdO1xuICBmb3IgKGNvbnN0IHNwZWVjaCBvZiBzcGVlY2hlcykge1xuICAgIGZvciAoY29uc3QgbW9kZSBvZiBNT0RFUykge1xuICAgICAgZGVzY3JpYmUoYHdpdGggJHttb2RlfSB3b3JrZXJzJHtzcGVlY2ggPT09ICdub2RlJyA/ICcnIDogYCAoJHtzcGVlY2h9KWB9YCwgKCkgPT4ge1xuICAgICAgICBkZWZpbmUoXG4gICAgICAgICAgKGFwcCwgYXJncyA9IFtdLCBvcHRpb25zID0ge30pID0+IHN0YXJ0ZWQoY29tbWFuZExpbmUoYXBwLCBhcmdzLCBtb2RlLCBzcGVlY2gpLCBvcHRpb25zKSxcbiAgICAgICAgICBtb2RlLFxuICAgICAgICAgIHNwZWVjaCxcbiAgICAgICAgKTtcbiAgICAgIH0pO1xuICAgIH1cbiAgfVxufVxuXG50eXBlIERlZmluZSA9IChzdGFydDogU3RhcnQsIG1vZGU6IE1vZGUsIHNwZWVjaDogU3BlZWNoKSA9PiB2b2lkO1xuXG4vKiogVGhlIHdvcmRzIG9mIGEgY29tbWFuZCBsaW5lIHRoYXQgc3RhcnRzIGEgcHJvZ3JhbSBvZiB0ZXN0L2ZpeHR1cmVzLiAqL1xuZXhwb3J0IGZ1bmN0aW9uIGNvbW1hbmRMaW5lKGFwcDogc3RyaW5nLCBhcmdzOiByZWFkb25seSBzdHJpbmdbXSwgbW9kZTogTW9kZSwgc3BlZWNoOiBTcGVlY2gpOiBzdHJpbmdbXSB7XG4gIGlmIChzcGVlY2ggPT09ICdub2RlJykgcmV0dXJuIFtmaXh0dXJlKGFwcCksICctLW1vZGUnLCBtb2RlLCAuLi5hcmdzXTtcbiAgY29uc3QgZmlsZSA9IGZpeHR1cmUoYHB5dGhvbi8ke3NwZWVjaH0vJHthcHAucmVwbGFjZSgvXFwuY2pzJC8sICcucHknKX1gKTtcbiAgcmV0dXJuIFtmaWxlLCAnLS1tb2RlJywgbW9kZSwgJy0tcHl0aG9uJywgdGVzdFB5dGhvbigpLCAuLi4obW9kZSA9PT0gJ3RocmVhZCcgPyBhc1Byb2Nlc3NlcyhhcmdzKSA6IGFyZ3MpXTtcbn1cblxuLyoqIEluIHRocmVhZCBtb2RlIGEgUHl0aG9uIHdvcmtlciBpcyBhIHByb2Nlc3M7IHRoZXJlIGlzIG5vIG1vcmUgb2YgdGhlbSB0aGFuIGFza2VkIGZvci4gKi9cbmZ1bmN0aW9uIGFzUHJvY2Vzc2VzKGFyZ3M6IHJlYWRvbmx5IHN0cmluZ1tdKTogc3RyaW5nW10ge1xuICByZXR1cm4gYXJncy5mbGF0TWFwKCh3b3JkLCBhdCkgPT4ge1xuICAgIGlmICh3b3JkID09PSAnLS1tYXgtd29ya2VycycgfHwgYXJnc1thdCAtIDFdID09PSAnLS1tYXgtd29ya2VycycpIHJldHVybiBbXTtcbiAgICByZXR1cm4gd29yZCA9PT0gJy0td29ya2VycycgPyAnLS1wcm9jZXNzZXMnIDogd29yZDtcbiAgfSk7XG59XG5cbi8qKiBUaGUgZmlsZSBvZiBhIHByb2dyYW0gaW4gdGVzdC9maXh0dXJlcy4gKi9cbmV4cG9ydCBmdW5jdGlvbiBmaXh0dXJlKG5hbWU6IHN0cmluZyk6IHN0cmluZyB7XG4gIHJldHVybiBwYXRoLnJlc29sdmUoJ3Rlc3QvZml4dHVyZXMnLCBuYW1lKTtcbn1cblxuLyoqIFJlc29sdmVzIG9uY2UgYSB3b3JrZXIgYWNjZXB0cywgc28gdGhhdCB3aGF0IGEgdGVzdCBtZWFzdXJlcyBpcyBub3QgdGhlIHN0YXJ0LiAqL1xuYXN5bmMgZnVuY3Rpb24gc3RhcnRlZChhcmdzOiByZWFkb25seSBzdHJpbmdbXSwgb3B0aW9uczogQ2xpT3B0aW9ucyk6IFByb21pc2U8Q2xpPiB7XG4gIGNvbnN0IGNsaSA9IHN0YXJ0Q2xpKGFyZ3MsIG9wdGlvbnMpO1xuICBhd2FpdCBjbGkucmVhZHk7XG4gIGF3YWl0IGNsaS53YWl0Rm9yKChldmVudCkgPT4gZXZlbnQudHlwZSA9PT0gJ3dvcmtlcicgJiYgZXZlbnQuc3RhdGUgPT09ICdpZGxlJywge1xuICAgIHdoYXQ6ICdhIHdvcmtlciB0aGF0IGFjY2VwdHMnLFxuICB9KTtcbiAgcmV0dXJuIGNsaTtcbn1cblxuLyoqIFJlc29sdmVzIG9uY2UgYGNvdW50YCB3b3JrZXJzIGFjY2VwdCBhbmQgYXJlIGlkbGUuICovXG5leHBvcnQgYXN5bmMgZnVuY3Rpb24gaWRsZVdvcmtlcnMoY2xpOiBDbGksIGNvdW50OiBudW1iZXIpOiBQcm9taXNlPHZvaWQ+IHtcbiAgYXdhaXQgY2xpLndhaXRGb3IoKCkgPT4gaW5TdGF0ZShjbGksICdpZGxlJykgPj0gY291bnQsIHsgd2hhdDogYCR7Y291bnR9IGlkbGUgd29ya2Vyc2AgfSk7XG59XG5cbi8qKiBSZXNvbHZlcyBvbmNlIGBjb3VudGAgd29ya2VycyBhcmUga25vd24gdG8gYmUgc3R1Y2s6IGJsb2NrZWQsIG9yIGJ1c3kgd2hlcmUgdGhleSBoYXZlIG9uZSByZXF1ZXN0IGF0IGEgdGltZS4gKi9cbmV4cG9ydCBhc3luYyBmdW5jdGlvbiBibG9ja2VkV29ya2VycyhjbGk6IENsaSwgY291bnQ6IG51bWJlciwgc3BlZWNoOiBTcGVlY2ggPSAnbm9kZScpOiBQcm9taXNlPHZvaWQ+IHtcbiAgY29uc3Qgc3RhdGUgPSBzcGVlY2ggPT09ICd3c2dpJyA/ICdidXN5JyA6ICdibG9ja2VkJztcbiAgYXdhaXQgY2xpLndhaXRGb3IoKCkgPT4gaW5TdGF0ZShjbGksIHN0YXRlKSA+PSBjb3VudCwgeyB3aGF0OiBgJHtjb3VudH0gJHtzdGF0ZX0gd29ya2Vyc2AgfSk7XG59XG5cbi8qKiBIb3cgbWFueSB3b3JrZXJzIGxhc3Qgc2FpZCB0aGF0IHRoZXkgYXJlIGluIHRoaXMgc3RhdGUuICovXG5leHBvcnQgZnVuY3Rpb24gaW5TdGF0ZShjbGk6IENsaSwgc3RhdGU6IFdvcmtlclN0YXRlKTogbnVtYmVyIHtcbiAgY29uc3Qgc3RhdGVzID0gbmV3IE1hcChjbGkub2ZUeXBlKCd3b3JrZXInKS5tYXAoKHdvcmtlcikgPT4gW3dvcmtlci5pZCwgd29ya2VyLnN0YXRlXSkpO1xuICByZXR1cm4gWy4uLnN0YXRlcy52YWx1ZXMoKV0uZmlsdGVyKChsYXN0KSA9PiBsYXN0ID09PSBzdGF0ZSkubGVuZ3RoO1xufVxuXG4vKiogUmVzb2x2ZXMgb25jZSBgY291bnRgIHJlcXVlc3RzIGhhdmUgYXJyaXZlZCBhbmQgYXJlIG5vdCBhbnN3ZXJlZCB5ZXQuICovXG5leHBvcnQgYXN5bmMgZnVuY3Rpb24gcmVxdWVzdHNJbkZsaWdodChjbGk6IENsaSwgY291bnQ6IG51bWJlcik6IFByb21pc2U8dm9pZD4ge1xuICBjb25zdCBkZWFkbGluZSA9IHBlcmZvcm1hbmNlLm5vdygpICsgMTVfMDAwO1xuICBmb3IgKDs7KSB7XG4gICAgY29uc3Qgc3RhdHVzID0gYXdhaXQgY2xpLmFzayh7IHR5cGU6ICdzdGF0dXMnIH0pO1xuICAgIGlmIChzdGF0dXMudHlwZSA9PT0gJ3N0YXR1cycgJiYgc3RhdHVzLmluRmxpZ2h0ID09PSBjb3VudCkgcmV0dXJuO1xuICAgIGlmIChwZXJmb3JtYW5jZS5ub3coKSA+IGRlYWRsaW5lKSB0aHJvdyBuZXcgRXJyb3IoYE5vdCAke2NvdW50fSByZXF1ZXN0cyBpbiBmbGlnaHQgd2l0aGluIDE1IHNgKTtcbiAgfVxufVxuIiwgIi8qKiBUaGUgUHl0aG9uIGVudmlyb25tZW50IG9mIHRoZSB0ZXN0czsgdGVzdC9ydW4ubWpzIG1ha2VzIGl0IGJlZm9yZSB0aGV5IHN0YXJ0LiAqL1xuXG4vKiogQWJzb2x1dGUgcGF0aCBvZiBpdHMgaW50ZXJwcmV0ZXIuIFRocm93cyB0aGUgcmVhc29uIHdoZXJlIHRoZXJlIGlzIG5vbmUsIHNvIHRoYXQgbm8gdGVzdCBpcyBwYXNzZWQgb3Zlci4gKi9cbmV4cG9ydCBmdW5jdGlvbiB0ZXN0UHl0aG9uKCk6IHN0cmluZyB7XG4gIGNvbnN0IHsgQ09OQ1VSUkVOVF9TRVJWRVJfVEVTVF9QWVRIT046IHB5dGhvbiwgQ09OQ1VSUkVOVF9TRVJWRVJfVEVTVF9QWVRIT05fTUlTU0lORzogbWlzc2luZyB9ID1cbiAgICBwcm9jZXNzLmVudjtcbiAgaWYgKHB5dGhvbiAhPT0gdW5kZWZpbmVkKSByZXR1cm4gcHl0aG9uO1xuICB0aHJvdyBuZXcgRXJyb3IobWlzc2luZyA/PyAnUnVuIHRoZSB0ZXN0cyBieSBgbm9kZSB0ZXN0L3J1bi5tanNgLCB3aGljaCBtYWtlcyB0aGVpciBQeXRob24gZW52aXJvbm1lbnQuJyk7XG59XG4iXSwKICAibWFwcGluZ3MiOiAiO0FBQ0EsT0FBTyxZQUFZO0FBQ25CLFNBQVMsU0FBQUEsY0FBYTtBQUN0QixTQUFTLFlBQVk7QUFDckIsT0FBT0MsU0FBUTtBQUNmLE9BQU8sU0FBUztBQUNoQixPQUFPLFFBQVE7QUFDZixPQUFPQyxXQUFVO0FBQ2pCLFNBQVMsU0FBQUMsUUFBTyxZQUFBQyxXQUFVLFVBQVU7QUFDcEMsU0FBUyxjQUFjLGFBQWE7OztBQ1JwQyxPQUFPLFFBQVE7OztBQ0dmLE9BQU8sVUFBVTtBQWFWLFNBQVMsWUFBWSxPQUF5QjtBQUNuRCxTQUFPLEtBQUssTUFBTSxLQUFLLFFBQVEsSUFBSSxjQUFjLGVBQWUsWUFBWSxHQUFHLEtBQUs7QUFDdEY7QUFPTyxTQUFTLGlCQUF5QjtBQUN2QyxTQUFPLFNBQVMscUJBQXFCLFFBQVEsZ0JBQWdCO0FBQy9EO0FBR08sSUFBTSxZQUNYO0FBSUssSUFBTSxlQUFlLENBQUMsTUFBTSxNQUFNLG1DQUFtQztBQUdyRSxTQUFTLFFBQVEsTUFBNEI7QUFDbEQsUUFBTSxPQUFxQixDQUFDO0FBQzVCLGFBQVcsUUFBUSxLQUFLLE1BQU0sSUFBSSxHQUFHO0FBQ25DLFVBQU0sUUFBUSxvRUFBb0UsS0FBSyxJQUFJO0FBQzNGLFFBQUksVUFBVSxLQUFNO0FBQ3BCLFVBQU0sQ0FBQyxFQUFFLEtBQUssTUFBTSxXQUFXLE1BQU0sT0FBTyxJQUFJO0FBQ2hELFNBQUssS0FBSztBQUFBLE1BQ1IsS0FBSyxPQUFPLEdBQUc7QUFBQSxNQUNmLE1BQU0sT0FBTyxJQUFJO0FBQUEsTUFDakIsV0FBVyxVQUFXLFFBQVEsUUFBUSxHQUFHO0FBQUEsTUFDekMsUUFBUSxLQUFNLFdBQVcsR0FBRztBQUFBLE1BQzVCLFNBQVMsUUFBUyxLQUFLO0FBQUEsSUFDekIsQ0FBQztBQUFBLEVBQ0g7QUFDQSxTQUFPO0FBQ1Q7QUFHTyxTQUFTLFNBQVMsTUFBNEI7QUFDbkQsUUFBTSxPQUFxQixDQUFDO0FBQzVCLGFBQVcsUUFBUSxLQUFLLE1BQU0sT0FBTyxHQUFHO0FBQ3RDLFVBQU0sQ0FBQyxLQUFLLE1BQU0sV0FBVyxHQUFHLE9BQU8sSUFBSSxLQUFLLE1BQU0sR0FBSTtBQUMxRCxRQUFJLENBQUMsUUFBUSxLQUFLLE9BQU8sRUFBRSxLQUFLLFNBQVMsVUFBYSxjQUFjLE9BQVc7QUFDL0UsVUFBTSxRQUFRLFFBQVEsS0FBSyxHQUFJLEVBQUUsS0FBSztBQUN0QyxTQUFLLEtBQUssRUFBRSxLQUFLLE9BQU8sR0FBRyxHQUFHLE1BQU0sT0FBTyxJQUFJLEdBQUcsV0FBVyxRQUFRLE9BQU8sU0FBUyxNQUFNLENBQUM7QUFBQSxFQUM5RjtBQUNBLFNBQU87QUFDVDtBQU1PLFNBQVMsY0FBYyxNQUF1RDtBQUNuRixRQUFNLE9BQU8sS0FBSyxRQUFRLEdBQUc7QUFDN0IsUUFBTSxRQUFRLEtBQUssWUFBWSxHQUFHO0FBQ2xDLE1BQUksT0FBTyxLQUFLLFFBQVEsS0FBTSxRQUFPO0FBQ3JDLFFBQU0sU0FBUyxLQUFLLE1BQU0sUUFBUSxDQUFDLEVBQUUsTUFBTSxHQUFHO0FBQzlDLFFBQU0sWUFBWSxPQUFPLEVBQUU7QUFDM0IsTUFBSSxjQUFjLE9BQVcsUUFBTztBQUNwQyxRQUFNQyxTQUFRLE9BQU8sQ0FBQztBQUN0QixTQUFPO0FBQUEsSUFDTCxLQUFLLE9BQU8sS0FBSyxNQUFNLEdBQUcsSUFBSSxDQUFDO0FBQUEsSUFDL0IsTUFBTSxPQUFPLE9BQU8sQ0FBQyxDQUFDO0FBQUEsSUFDdEI7QUFBQSxJQUNBLFFBQVFBLFdBQVUsT0FBT0EsV0FBVTtBQUFBLEVBQ3JDO0FBQ0Y7OztBQ3JGQSxTQUFTLGdCQUFnQjtBQUV6QixJQUFNLFVBQVU7QUFFVCxTQUFTLFFBQVEsTUFBYyxNQUFzRDtBQUMxRixTQUFPLElBQUksUUFBUSxDQUFDLFlBQVk7QUFDOUIsVUFBTSxVQUFVO0FBQUEsTUFDZCxTQUFTO0FBQUEsTUFDVCxXQUFXLEtBQUssT0FBTztBQUFBLE1BQ3ZCLGFBQWE7QUFBQSxNQUNiLEtBQUssRUFBRSxHQUFHLFFBQVEsS0FBSyxRQUFRLElBQUk7QUFBQSxJQUNyQztBQUNBLFFBQUk7QUFDRixlQUFTLE1BQU0sTUFBTSxTQUFTLENBQUMsT0FBTyxXQUFXLFFBQVEsVUFBVSxPQUFPLFNBQVMsTUFBUyxDQUFDO0FBQUEsSUFDL0YsUUFBUTtBQUNOLGNBQVEsTUFBUztBQUFBLElBQ25CO0FBQUEsRUFDRixDQUFDO0FBQ0g7OztBRkxBLGVBQXNCLGdCQUF1QztBQUMzRCxNQUFJLFFBQVEsYUFBYSxTQUFTO0FBQ2hDLFVBQU0sT0FBTyxTQUFTO0FBQ3RCLFFBQUksS0FBSyxTQUFTLEVBQUcsUUFBTztBQUFBLEVBQzlCO0FBQ0EsTUFBSSxRQUFRLGFBQWEsU0FBUztBQUNoQyxVQUFNLE9BQU8sTUFBTSxRQUFRLGVBQWUsR0FBRyxDQUFDLGNBQWMsbUJBQW1CLFlBQVksU0FBUyxDQUFDO0FBQ3JHLFdBQU8sU0FBUyxRQUFRLEVBQUU7QUFBQSxFQUM1QjtBQUNBLFNBQU8sUUFBUyxNQUFNLFFBQVEsTUFBTSxZQUFZLEtBQU0sRUFBRTtBQUMxRDtBQUdBLGVBQXNCLFNBQVMsS0FBOEM7QUFDM0UsTUFBSSxDQUFDLE9BQU8sVUFBVSxHQUFHLEtBQUssT0FBTyxFQUFHLFFBQU87QUFDL0MsTUFBSTtBQUNKLE1BQUksUUFBUSxhQUFhLFFBQVMsT0FBTSxTQUFTLEdBQUc7QUFBQSxNQUMvQyxRQUFPLE1BQU0sY0FBYyxHQUFHLEtBQUssQ0FBQyxjQUFjLFVBQVUsUUFBUSxHQUFHO0FBQzVFLFNBQU8sUUFBUSxVQUFhLElBQUksU0FBUyxTQUFZO0FBQ3ZEO0FBMkJBLFNBQVMsV0FBeUI7QUFDaEMsTUFBSTtBQUNGLFdBQU8sR0FDSixZQUFZLE9BQU8sRUFDbkIsT0FBTyxDQUFDLFNBQVMsUUFBUSxLQUFLLElBQUksQ0FBQyxFQUNuQyxJQUFJLENBQUMsU0FBUyxTQUFTLE9BQU8sSUFBSSxDQUFDLENBQUMsRUFDcEMsT0FBTyxDQUFDLFFBQVEsUUFBUSxNQUFTO0FBQUEsRUFDdEMsUUFBUTtBQUNOLFdBQU8sQ0FBQztBQUFBLEVBQ1Y7QUFDRjtBQUVBLFNBQVMsU0FBUyxLQUFxQztBQUNyRCxNQUFJO0FBQ0YsVUFBTSxNQUFNLGNBQWMsR0FBRyxhQUFhLFNBQVMsR0FBRyxTQUFTLFFBQVEsQ0FBQztBQUN4RSxRQUFJLFFBQVEsT0FBVyxRQUFPO0FBQzlCLFVBQU0sVUFBVSxHQUFHLGFBQWEsU0FBUyxHQUFHLFlBQVksTUFBTSxFQUFFLE1BQU0sSUFBSSxFQUFFLEtBQUssR0FBRyxFQUFFLEtBQUs7QUFDM0YsV0FBTyxFQUFFLEdBQUcsS0FBSyxRQUFRO0FBQUEsRUFDM0IsUUFBUTtBQUNOLFdBQU87QUFBQSxFQUNUO0FBQ0Y7OztBR2hGQSxTQUE0QixhQUFhO0FBQ3pDLE9BQU9DLFdBQVU7QUFDakIsU0FBUyxhQUFhO0FBSXRCLElBQU0sY0FBYztBQUVwQixJQUFNLFVBQVUsb0JBQUksSUFBUztBQUM3QixNQUFNLE1BQU0sUUFBUSxJQUFJLENBQUMsR0FBRyxPQUFPLEVBQUUsSUFBSSxDQUFDLFFBQVEsSUFBSSxLQUFLLENBQUMsQ0FBQyxDQUFDO0FBQzlELFFBQVEsR0FBRyxRQUFRLE1BQU07QUFDdkIsYUFBVyxPQUFPLFFBQVMsS0FBSSxRQUFRO0FBQ3pDLENBQUM7QUF5Qk0sU0FBUyxTQUFTLE1BQXlCLFVBQXNCLENBQUMsR0FBUTtBQUMvRSxTQUFPLElBQUksSUFBSSxNQUFNLE9BQU87QUFDOUI7QUFFTyxJQUFNLE1BQU4sTUFBVTtBQUFBLEVBQ047QUFBQTtBQUFBLEVBRUEsU0FBd0IsQ0FBQztBQUFBO0FBQUEsRUFFekI7QUFBQTtBQUFBLEVBRUE7QUFBQSxFQUNULFNBQVM7QUFBQSxFQUNULFNBQVM7QUFBQSxFQUNUO0FBQUEsRUFDQSxVQUFVLG9CQUFJLElBQWdCO0FBQUEsRUFDOUIsV0FBVztBQUFBLEVBQ1gsVUFBVTtBQUFBLEVBRVYsWUFBWSxNQUF5QixTQUFxQjtBQUN4RCxVQUFNLEVBQUUsS0FBSyxLQUFBQyxNQUFLLE9BQU8sTUFBTSxPQUFPLFFBQVEsU0FBUyxJQUFJO0FBQzNELFVBQU0sVUFBVSxhQUFhLFVBQVUsUUFBUSxVQUFVO0FBQ3pELFVBQU0sTUFBTSxDQUFDLEdBQUksT0FBTyxDQUFDLFFBQVEsSUFBSSxDQUFDLEdBQUksR0FBSSxZQUFZLFNBQVksQ0FBQyxJQUFJLENBQUMsT0FBTyxDQUFFO0FBQ3JGLFNBQUssUUFBUSxNQUFNLE1BQU0sQ0FBQ0QsTUFBSyxRQUFRLGFBQWEsR0FBRyxHQUFHLEtBQUssR0FBRyxJQUFJLEdBQUc7QUFBQSxNQUN2RSxLQUFLLE9BQU8sUUFBUSxJQUFJO0FBQUEsTUFDeEIsS0FBSyxFQUFFLEdBQUcsUUFBUSxLQUFLLFVBQVUsUUFBVyxhQUFhLFFBQVcsR0FBR0MsS0FBSTtBQUFBLE1BQzNFLE9BQU8sQ0FBQyxRQUFRLFFBQVEsTUFBTTtBQUFBLElBQ2hDLENBQUM7QUFDRCxZQUFRLElBQUksSUFBSTtBQUNoQixTQUFLLE1BQU0sT0FBTyxHQUFHLFNBQVMsTUFBTTtBQUFBLElBQUMsQ0FBQztBQUN0QyxTQUFLLE1BQU0sUUFBUSxZQUFZLE1BQU0sRUFBRSxHQUFHLFFBQVEsQ0FBQyxTQUFpQjtBQUNsRSxXQUFLLFVBQVU7QUFDZixVQUFJLEtBQU0sTUFBSyxXQUFXLElBQUk7QUFDOUIsV0FBSyxPQUFPO0FBQUEsSUFDZCxDQUFDO0FBQ0QsU0FBSyxNQUFNLFFBQVEsWUFBWSxNQUFNLEVBQUUsR0FBRyxRQUFRLENBQUMsU0FBaUI7QUFDbEUsV0FBSyxVQUFVO0FBQ2YsV0FBSyxPQUFPO0FBQUEsSUFDZCxDQUFDO0FBQ0QsU0FBSyxPQUFPLElBQUksUUFBUSxDQUFDLFNBQVMsV0FBVztBQUMzQyxXQUFLLE1BQU0sS0FBSyxTQUFTLE1BQU07QUFDL0IsV0FBSyxNQUFNLEtBQUssU0FBUyxDQUFDLE1BQU0sV0FBVztBQUN6QyxnQkFBUSxPQUFPLElBQUk7QUFDbkIsYUFBSyxTQUFTLEVBQUUsTUFBTSxPQUFPO0FBQzdCLGdCQUFRLEtBQUssTUFBTTtBQUNuQixhQUFLLE9BQU87QUFBQSxNQUNkLENBQUM7QUFBQSxJQUNILENBQUM7QUFDRCxTQUFLLFFBQVEsS0FBSyxZQUFZLE9BQU87QUFFckMsU0FBSyxNQUFNLE1BQU0sTUFBTTtBQUFBLElBQUMsQ0FBQztBQUFBLEVBQzNCO0FBQUEsRUFFQSxJQUFJLE1BQWM7QUFDaEIsV0FBTyxLQUFLLE1BQU0sT0FBTztBQUFBLEVBQzNCO0FBQUE7QUFBQSxFQUdBLElBQUksTUFBYztBQUNoQixVQUFNLFFBQVEsS0FBSyxPQUFPLE9BQU8sRUFBRSxDQUFDO0FBQ3BDLFFBQUksVUFBVSxPQUFXLE9BQU0sSUFBSSxNQUFNLGlCQUFpQixLQUFLLE9BQU8sQ0FBQyxFQUFFO0FBQ3pFLFdBQU8sTUFBTSxJQUFJLFFBQVEsT0FBTyxFQUFFO0FBQUEsRUFDcEM7QUFBQSxFQUVBLE9BQXNDLE1BQXVCO0FBQzNELFdBQU8sS0FBSyxPQUFPLE9BQU8sQ0FBQyxVQUErQixNQUFNLFNBQVMsSUFBSTtBQUFBLEVBQy9FO0FBQUEsRUFFQSxLQUFLLFNBQXdCO0FBQzNCLFNBQUssTUFBTSxHQUFHLEtBQUssVUFBVSxPQUFPLENBQUM7QUFBQSxDQUFJO0FBQUEsRUFDM0M7QUFBQTtBQUFBLEVBR0EsTUFBTSxNQUFpQztBQUNyQyxTQUFLLE1BQU0sT0FBTyxNQUFNLElBQUk7QUFBQSxFQUM5QjtBQUFBO0FBQUEsRUFHQSxJQUFJLFNBQXdDO0FBQzFDLFVBQU0sS0FBSyxLQUFLO0FBQ2hCLFNBQUssS0FBSyxFQUFFLEdBQUcsU0FBUyxHQUFHLENBQUM7QUFDNUIsV0FBTyxLQUFLLFFBQVEsQ0FBQyxVQUFVLFFBQVEsU0FBUyxNQUFNLFNBQVMsWUFBWSxNQUFNLE9BQU8sSUFBSTtBQUFBLE1BQzFGLE1BQU0sYUFBYSxRQUFRLElBQUk7QUFBQSxJQUNqQyxDQUFDO0FBQUEsRUFDSDtBQUFBO0FBQUEsRUFHQSxNQUFNLFFBQ0osV0FDQSxFQUFFLE9BQU8sVUFBVSxTQUFTLEdBQUcsYUFBYSxhQUFhLE9BQU8sRUFBRSxJQUFJLENBQUMsR0FDakQ7QUFDdEIsUUFBSSxLQUFLO0FBQ1QsUUFBSTtBQUNKLFVBQU0sS0FBSztBQUFBLE1BQ1QsTUFBTTtBQUNKLGVBQU8sVUFBVSxVQUFhLEtBQUssS0FBSyxPQUFPLFFBQVE7QUFDckQsZ0JBQU0sUUFBUSxLQUFLLE9BQU8sSUFBSTtBQUM5QixjQUFJLFVBQVUsS0FBSyxFQUFHLFNBQVE7QUFBQSxRQUNoQztBQUNBLGVBQU8sVUFBVTtBQUFBLE1BQ25CO0FBQUEsTUFDQTtBQUFBLE1BQ0E7QUFBQSxJQUNGO0FBQ0EsV0FBTztBQUFBLEVBQ1Q7QUFBQSxFQUVBLE1BQU0sWUFBMkMsTUFBOEI7QUFDN0UsV0FBUSxNQUFNLEtBQUssUUFBUSxDQUFDLFVBQVUsTUFBTSxTQUFTLE1BQU0sRUFBRSxNQUFNLEtBQUssQ0FBQztBQUFBLEVBQzNFO0FBQUE7QUFBQSxFQUdBLE1BQU0sY0FBYyxTQUFpQixhQUFhLGFBQXVDO0FBQ3ZGLFFBQUksUUFBZ0M7QUFDcEMsVUFBTSxLQUFLO0FBQUEsTUFDVCxNQUFNO0FBQ0osZ0JBQVEsUUFBUSxLQUFLLEtBQUssTUFBTSxLQUFLLFFBQVEsS0FBSyxLQUFLLE1BQU07QUFDN0QsZUFBTyxVQUFVO0FBQUEsTUFDbkI7QUFBQSxNQUNBLE9BQU8sT0FBTztBQUFBLE1BQ2Q7QUFBQSxJQUNGO0FBQ0EsV0FBTztBQUFBLEVBQ1Q7QUFBQTtBQUFBLEVBR0EsTUFBTSxPQUF5QjtBQUM3QixRQUFJLEtBQUssV0FBVyxRQUFXO0FBQzdCLFVBQUksS0FBSyxNQUFNLFdBQVcsUUFBUSxLQUFLLE9BQU8sU0FBUyxFQUFHLE1BQUssS0FBSyxFQUFFLE1BQU0sT0FBTyxDQUFDO0FBQUEsVUFDL0UsTUFBSyxNQUFNLEtBQUssU0FBUztBQUFBLElBQ2hDO0FBQ0EsV0FBTyxLQUFLLFlBQVk7QUFBQSxFQUMxQjtBQUFBO0FBQUEsRUFHQSxNQUFNLFlBQVksYUFBYSxhQUErQjtBQUM1RCxVQUFNLEtBQUssT0FBTyxNQUFNLEtBQUssV0FBVyxRQUFXLDBCQUEwQixVQUFVO0FBQ3ZGLFdBQU8sS0FBSztBQUFBLEVBQ2Q7QUFBQTtBQUFBLEVBR0EsTUFBTSxPQUFzQjtBQUMxQixRQUFJLEtBQUssV0FBVyxPQUFXO0FBQy9CLFNBQUssUUFBUTtBQUNiLFVBQU0sS0FBSyxLQUFLLE1BQU0sTUFBTTtBQUFBLElBQUMsQ0FBQztBQUFBLEVBQ2hDO0FBQUE7QUFBQSxFQUdBLFVBQWdCO0FBQ2QsUUFBSSxLQUFLLFdBQVcsT0FBVztBQUMvQixTQUFLLE1BQU0sS0FBSyxTQUFTO0FBQ3pCLGVBQVcsT0FBTyxLQUFLLFdBQVcsRUFBRyxTQUFRLEdBQUc7QUFBQSxFQUNsRDtBQUFBO0FBQUEsRUFHQSxhQUF1QjtBQUNyQixVQUFNLFFBQVEsb0JBQUksSUFBb0I7QUFDdEMsZUFBVyxFQUFFLElBQUksS0FBSyxPQUFBQyxPQUFNLEtBQUssS0FBSyxPQUFPLFFBQVEsR0FBRztBQUN0RCxVQUFJQSxXQUFVLGFBQWFBLFdBQVUsVUFBVyxPQUFNLE9BQU8sRUFBRTtBQUFBLGVBQ3RELFFBQVEsVUFBYSxRQUFRLEtBQUssSUFBSyxPQUFNLElBQUksSUFBSSxHQUFHO0FBQUEsSUFDbkU7QUFDQSxXQUFPLENBQUMsR0FBRyxJQUFJLElBQUksTUFBTSxPQUFPLENBQUMsQ0FBQztBQUFBLEVBQ3BDO0FBQUEsRUFFQSxXQUFXLE1BQW9CO0FBQzdCLFVBQU0sU0FBUyxLQUFLLFdBQVcsTUFBTSxNQUFNLElBQUk7QUFDL0MsU0FBSyxXQUFXLE1BQU0sSUFBSSxLQUFLO0FBQy9CLGVBQVcsUUFBUSxNQUFPLE1BQUssT0FBTyxLQUFLLFdBQVcsSUFBSSxDQUFDO0FBQUEsRUFDN0Q7QUFBQSxFQUVBLFNBQWU7QUFDYixlQUFXLFNBQVMsQ0FBQyxHQUFHLEtBQUssT0FBTyxFQUFHLE9BQU07QUFBQSxFQUMvQztBQUFBO0FBQUEsRUFHQSxPQUFPLE1BQXFCLE1BQWMsWUFBbUM7QUFDM0UsV0FBTyxJQUFJLFFBQVEsQ0FBQyxTQUFTLFdBQVc7QUFDdEMsWUFBTSxTQUFTLENBQUMsVUFBd0I7QUFDdEMscUJBQWEsSUFBSTtBQUNqQixhQUFLLFFBQVEsT0FBTyxLQUFLO0FBQ3pCLFlBQUksVUFBVSxPQUFXLFNBQVE7QUFBQSxZQUM1QixRQUFPLEtBQUs7QUFBQSxNQUNuQjtBQUNBLFlBQU0sUUFBUSxNQUFZO0FBQ3hCLFlBQUksS0FBSyxFQUFHLFFBQU87QUFBQSxpQkFDVixLQUFLLFdBQVc7QUFDdkIsaUJBQU8sSUFBSSxNQUFNLDZCQUE2QixJQUFJLElBQUksS0FBSyxPQUFPLENBQUMsRUFBRSxDQUFDO0FBQUEsTUFDMUU7QUFDQSxZQUFNLE9BQU8sV0FBVyxNQUFNO0FBQzVCLGVBQU8sSUFBSSxNQUFNLG1CQUFtQixVQUFVLFFBQVEsSUFBSSxJQUFJLEtBQUssT0FBTyxDQUFDLEVBQUUsQ0FBQztBQUFBLE1BQ2hGLEdBQUcsVUFBVTtBQUNiLFdBQUssUUFBUSxJQUFJLEtBQUs7QUFDdEIsWUFBTTtBQUFBLElBQ1IsQ0FBQztBQUFBLEVBQ0g7QUFBQTtBQUFBLEVBR0EsU0FBaUI7QUFDZixVQUFNLFNBQVMsS0FBSyxPQUFPLE1BQU0sR0FBRyxFQUFFLElBQUksQ0FBQyxVQUFVO0FBQUEsSUFBTyxLQUFLLFVBQVUsS0FBSyxFQUFFLE1BQU0sR0FBRyxHQUFHLENBQUMsRUFBRTtBQUNqRyxVQUFNLE1BQ0osS0FBSyxXQUFXLFNBQVksS0FBSztBQUFBLGNBQWlCLEtBQUssT0FBTyxJQUFJLFlBQVksS0FBSyxPQUFPLE1BQU07QUFDbEcsVUFBTSxNQUFNLEtBQUssT0FBTyxTQUFTLElBQUksS0FBSztBQUFBLFVBQWEsS0FBSyxPQUFPLE1BQU0sSUFBSyxDQUFDO0FBQy9FLFdBQU87QUFBQSxjQUFpQixPQUFPLEtBQUssRUFBRSxDQUFDLEdBQUcsR0FBRztBQUFBLFVBQWEsS0FBSyxPQUFPLE1BQU0sSUFBSyxDQUFDLEdBQUcsR0FBRztBQUFBLEVBQzFGO0FBQ0Y7QUFHQSxTQUFTLFdBQVcsTUFBMkI7QUFDN0MsTUFBSTtBQUNGLFdBQU8sS0FBSyxNQUFNLElBQUk7QUFBQSxFQUN4QixRQUFRO0FBQ04sV0FBTyxFQUFFLE1BQU0sT0FBTyxPQUFPLFNBQVMsUUFBUSxVQUFVLE1BQU0sYUFBYSxJQUFJLEdBQUc7QUFBQSxFQUNwRjtBQUNGO0FBRUEsU0FBUyxRQUFRLEtBQW1CO0FBQ2xDLE1BQUk7QUFDRixZQUFRLEtBQUssS0FBSyxTQUFTO0FBQUEsRUFDN0IsUUFBUTtBQUFBLEVBRVI7QUFDRjs7O0FDbFFBLE9BQU9DLFdBQVU7QUFDakIsU0FBUyxnQkFBZ0I7OztBQ0NsQixTQUFTLGFBQXFCO0FBQ25DLFFBQU0sRUFBRSwrQkFBK0IsUUFBUSx1Q0FBdUMsUUFBUSxJQUM1RixRQUFRO0FBQ1YsTUFBSSxXQUFXLE9BQVcsUUFBTztBQUNqQyxRQUFNLElBQUksTUFBTSxXQUFXLDZFQUE2RTtBQUMxRzs7O0FEOEJPLFNBQVMsWUFBWSxLQUFhLE1BQXlCLE1BQVksUUFBMEI7QUFDdEcsTUFBSSxXQUFXLE9BQVEsUUFBTyxDQUFDLFFBQVEsR0FBRyxHQUFHLFVBQVUsTUFBTSxHQUFHLElBQUk7QUFDcEUsUUFBTSxPQUFPLFFBQVEsVUFBVSxNQUFNLElBQUksSUFBSSxRQUFRLFVBQVUsS0FBSyxDQUFDLEVBQUU7QUFDdkUsU0FBTyxDQUFDLE1BQU0sVUFBVSxNQUFNLFlBQVksV0FBVyxHQUFHLEdBQUksU0FBUyxXQUFXLFlBQVksSUFBSSxJQUFJLElBQUs7QUFDM0c7QUFHQSxTQUFTLFlBQVksTUFBbUM7QUFDdEQsU0FBTyxLQUFLLFFBQVEsQ0FBQyxNQUFNLE9BQU87QUFDaEMsUUFBSSxTQUFTLG1CQUFtQixLQUFLLEtBQUssQ0FBQyxNQUFNLGdCQUFpQixRQUFPLENBQUM7QUFDMUUsV0FBTyxTQUFTLGNBQWMsZ0JBQWdCO0FBQUEsRUFDaEQsQ0FBQztBQUNIO0FBR08sU0FBUyxRQUFRLE1BQXNCO0FBQzVDLFNBQU9DLE1BQUssUUFBUSxpQkFBaUIsSUFBSTtBQUMzQzs7O0FMdENBLElBQU0sWUFBWTtBQUVsQixJQUFNLFFBQVFDLElBQUcsWUFBWUMsTUFBSyxLQUFLLEdBQUcsT0FBTyxHQUFHLFVBQVUsQ0FBQztBQUMvREMsT0FBTSxNQUFNRixJQUFHLE9BQU8sT0FBTyxFQUFFLFdBQVcsTUFBTSxPQUFPLEtBQUssQ0FBQyxDQUFDO0FBQzlELElBQU0sTUFBTSxFQUFFLDZCQUE2QixNQUFNO0FBU2pELElBQU0sT0FBbUU7QUFBQSxFQUN2RSxvQkFBb0IsQ0FBQyxFQUFFLElBQUksTUFBTSxJQUFJLEtBQUssRUFBRSxNQUFNLE9BQU8sQ0FBQztBQUFBLEVBQzFELFNBQVMsQ0FBQyxFQUFFLElBQUksTUFBTSxLQUFLLElBQUksTUFBTSxLQUFLLFNBQVM7QUFBQSxFQUNuRCxpQ0FBaUMsQ0FBQyxFQUFFLElBQUksTUFBTSxLQUFLLElBQUksTUFBTSxLQUFLLFNBQVM7QUFBQSxFQUMzRSxtREFBbUQsQ0FBQyxFQUFFLElBQUksTUFBTTtBQUM5RCxlQUFXLE9BQU8sV0FBVyxHQUFHLEVBQUcsS0FBSSxRQUFRLElBQUksTUFBTSxJQUFLLFNBQVEsS0FBSyxLQUFLLFNBQVM7QUFDekYsUUFBSSxNQUFNLEtBQUssU0FBUztBQUFBLEVBQzFCO0FBQ0Y7QUFFQSxJQUFNLFFBQThEO0FBQUEsRUFDbEUsQ0FBQyxRQUFRLFVBQVUsQ0FBQyxJQUFJLE9BQU8sQ0FBQztBQUFBLEVBQ2hDLENBQUMsUUFBUSxRQUFRLENBQUMsSUFBSSxPQUFPLENBQUM7QUFBQSxFQUM5QixDQUFDLFFBQVEsVUFBVSxDQUFDLElBQUksU0FBUyxPQUFPLENBQUM7QUFBQSxFQUN6QyxDQUFDLFFBQVEsUUFBUSxDQUFDLElBQUksU0FBUyxPQUFPLENBQUM7QUFBQSxFQUN2QyxDQUFDLFFBQVEsVUFBVSxDQUFDLFNBQVMsT0FBTyxDQUFDO0FBQUEsRUFDckMsQ0FBQyxRQUFRLFFBQVEsQ0FBQyxTQUFTLE9BQU8sQ0FBQztBQUNyQztBQUVBLFdBQVcsQ0FBQyxRQUFRLE1BQU0sS0FBSyxLQUFLLE9BQU87QUFDekMsYUFBVyxRQUFRLE9BQU87QUFDeEIsVUFBTUcsU0FBUSxTQUFTLEtBQUssU0FBUyxTQUFTLFVBQVUsb0JBQW9CO0FBQzVFLElBQUFDLFVBQVMsR0FBRyxJQUFJLGFBQWEsTUFBTSxNQUFNRCxNQUFLLGdDQUFnQyxNQUFNO0FBQ2xGLGlCQUFXLENBQUMsS0FBSyxHQUFHLEtBQUssT0FBTyxRQUFRLElBQUksR0FBRztBQUM3QyxXQUFHLDhCQUE4QixHQUFHLElBQUksWUFBWTtBQUNsRCxnQkFBTUUsV0FBVSxNQUFNLGNBQWMsUUFBUSxNQUFNLElBQUk7QUFDdEQsZ0JBQU0sSUFBSUEsUUFBTztBQUNqQixnQkFBTSxZQUFZQSxRQUFPO0FBQUEsUUFDM0IsQ0FBQztBQUFBLE1BQ0g7QUFBQSxJQUNGLENBQUM7QUFBQSxFQUNIO0FBQ0Y7QUFFQUQsVUFBUyxrQ0FBa0MsTUFBTTtBQUMvQyxLQUFHLDhDQUE4QyxZQUFZO0FBQzNELFVBQU0sU0FBUyx5REFBeUQsS0FBSyxVQUFVO0FBQUEsTUFDckY7QUFBQSxNQUNBLFFBQVEsWUFBWTtBQUFBLE1BQ3BCO0FBQUEsTUFDQTtBQUFBLE1BQ0E7QUFBQSxJQUNGLENBQUMsQ0FBQztBQUNGLFVBQU0sU0FBU0UsT0FBTSxRQUFRLFVBQVUsQ0FBQyxNQUFNLE1BQU0sR0FBRyxFQUFFLEtBQUssRUFBRSxHQUFHLFFBQVEsS0FBSyxHQUFHLElBQUksRUFBRSxDQUFDO0FBQzFGLFFBQUksT0FBTztBQUNYLFdBQU8sT0FBTyxHQUFHLFFBQVEsQ0FBQyxVQUFVO0FBQ2xDLGNBQVE7QUFBQSxJQUNWLENBQUM7QUFDRCxVQUFNLE9BQU8sT0FBTyxZQUFxQztBQUN2RCxZQUFNLFNBQVMsWUFBWSxRQUFRLElBQU07QUFDekMsaUJBQVM7QUFDUCxjQUFNLFFBQVEsUUFBUSxLQUFLLElBQUk7QUFDL0IsWUFBSSxVQUFVLEtBQU0sUUFBTyxNQUFNLENBQUM7QUFDbEMsY0FBTSxLQUFLLE9BQU8sUUFBUSxRQUFRLEVBQUUsT0FBTyxDQUFDLEVBQUU7QUFBQSxVQUFNLE1BQ2xELE9BQU8sS0FBSyxpQkFBaUIsT0FBTyxLQUFLLElBQUksRUFBRTtBQUFBLFFBQ2pEO0FBQUEsTUFDRjtBQUFBLElBQ0Y7QUFDQSxVQUFNLFNBQVMsTUFBTSxTQUFTLE9BQU8sTUFBTSxLQUFLLFdBQVcsQ0FBQyxDQUFDO0FBQzdELFVBQU0sT0FBTyxPQUFPLE1BQU0sS0FBSyw2QkFBNkIsQ0FBQztBQUM3RCxXQUFPLEdBQUcsV0FBVyxNQUFTO0FBQzlCLFdBQU8sS0FBSyxTQUFTO0FBQ3JCLFVBQU0sV0FBVyxZQUFZLElBQUksSUFBSTtBQUNyQyxVQUFNLEtBQUssUUFBUSxRQUFRO0FBQzNCLFdBQU8sQ0FBRSxNQUFNLE9BQU8sSUFBSSxFQUFJLFFBQU8sR0FBRyxZQUFZLElBQUksSUFBSSxVQUFVLFFBQVEsSUFBSSxVQUFVO0FBQUEsRUFDOUYsQ0FBQztBQUNILENBQUM7QUFFRCxlQUFlLGNBQWMsUUFBZ0IsTUFBWSxNQUFnQztBQUN2RixRQUFNLE1BQU0sU0FBUyxZQUFZLGNBQWMsQ0FBQyxhQUFhLEdBQUcsR0FBRyxNQUFNLE1BQU0sR0FBRyxFQUFFLElBQUksQ0FBQztBQUN6RixRQUFNLEVBQUUsSUFBSSxJQUFJLE1BQU0sSUFBSTtBQUMxQixRQUFNLFdBQVksT0FBTyxNQUFNLE1BQU0sR0FBRyxHQUFHLEtBQUs7QUFDaEQsTUFBSSxTQUFTLElBQUk7QUFDZixVQUFNLE9BQU8sSUFBSSxPQUFPO0FBQ3hCLFVBQU0sR0FBRyxHQUFHLEdBQUcsSUFBSSxFQUFFLEVBQUUsTUFBTSxNQUFNO0FBQUEsSUFBQyxDQUFDO0FBQ3JDLFVBQU1ILFNBQVEsV0FBVyxTQUFTLFNBQVM7QUFDM0MsVUFBTSxJQUFJLFFBQVEsQ0FBQyxVQUFVLE1BQU0sU0FBUyxZQUFZLE1BQU0sVUFBVUEsUUFBTyxFQUFFLEtBQUssQ0FBQztBQUFBLEVBQ3pGO0FBQ0EsUUFBTSxPQUFPLG9CQUFJLElBQUksQ0FBQyxJQUFJLE1BQU0sT0FBTyxHQUFHLEdBQUcsV0FBVyxHQUFHLEdBQUcsR0FBRyxRQUFRLENBQUM7QUFDMUUsUUFBTSxPQUFPLE1BQU0sUUFBUSxJQUFJLENBQUMsR0FBRyxJQUFJLEVBQUUsSUFBSSxDQUFDLFFBQVEsU0FBUyxHQUFHLENBQUMsQ0FBQztBQUNwRSxRQUFNLFlBQVksS0FBSyxPQUFPLENBQUMsUUFBUSxRQUFRLE1BQVM7QUFDeEQsU0FBTyxHQUFHLFVBQVUsVUFBVSxHQUFHLDRDQUE0QztBQUM3RSxTQUFPLEVBQUUsS0FBSyxNQUFNLE9BQU8sSUFBSSxJQUFJLEdBQUcsRUFBRSxJQUFJLEdBQUcsVUFBVTtBQUMzRDtBQUVBLFNBQVMsV0FBVyxLQUFvQjtBQUN0QyxTQUFPLElBQUksT0FBTyxRQUFRLEVBQUUsUUFBUSxDQUFDLEVBQUUsSUFBSSxNQUFNLE9BQU8sQ0FBQyxDQUFDO0FBQzVEO0FBRUEsZUFBZSxZQUFZLEVBQUUsS0FBSyxNQUFNLFVBQVUsR0FBMkI7QUFDM0UsUUFBTSxXQUFXLFlBQVksSUFBSSxJQUFJO0FBQ3JDLGFBQVcsT0FBTyxVQUFXLE9BQU0sS0FBSyxLQUFLLFFBQVE7QUFFckQsU0FBTyxDQUFFLE1BQU0sT0FBTyxJQUFJLEVBQUksUUFBTyxHQUFHLFlBQVksSUFBSSxJQUFJLFVBQVUsUUFBUSxJQUFJLFVBQVU7QUFDNUYsUUFBTSxJQUFJLFlBQVk7QUFDeEI7QUFFQSxlQUFlLEtBQUssS0FBaUIsV0FBVyxZQUFZLElBQUksSUFBSSxXQUEwQjtBQUM1RixhQUFTO0FBQ1AsVUFBTSxNQUFNLE1BQU0sU0FBUyxJQUFJLEdBQUc7QUFDbEMsUUFBSSxRQUFRLFVBQWEsSUFBSSxjQUFjLElBQUksVUFBVztBQUMxRCxXQUFPLEdBQUcsWUFBWSxJQUFJLElBQUksVUFBVSxnQkFBZ0IsSUFBSSxHQUFHLElBQUksSUFBSSxPQUFPLEVBQUU7QUFDaEYsVUFBTSxNQUFNLEVBQUU7QUFBQSxFQUNoQjtBQUNGO0FBRUEsU0FBUyxPQUFPLE1BQWdDO0FBQzlDLFNBQU8sSUFBSSxRQUFRLENBQUMsWUFBWTtBQUM5QixVQUFNLFNBQVMsSUFBSSxhQUFhO0FBQ2hDLFdBQU8sS0FBSyxTQUFTLE1BQU0sUUFBUSxLQUFLLENBQUM7QUFDekMsV0FBTyxPQUFPLE1BQU0sYUFBYSxNQUFNLE9BQU8sTUFBTSxNQUFNLFFBQVEsSUFBSSxDQUFDLENBQUM7QUFBQSxFQUMxRSxDQUFDO0FBQ0g7IiwKICAibmFtZXMiOiBbInNwYXduIiwgImZzIiwgInBhdGgiLCAiYWZ0ZXIiLCAiZGVzY3JpYmUiLCAic3RhdGUiLCAicGF0aCIsICJlbnYiLCAic3RhdGUiLCAicGF0aCIsICJwYXRoIiwgImZzIiwgInBhdGgiLCAiYWZ0ZXIiLCAic3RhdGUiLCAiZGVzY3JpYmUiLCAicnVubmluZyIsICJzcGF3biJdCn0K
