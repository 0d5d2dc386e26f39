// The servers of the tests: `archgen serve`, and one that answers as a test wants it to.
import { spawn } from 'node:child_process';
import http from 'node:http';

/** Starts `archgen serve` on a free port, with the model that the command has in itself. */
export async function startArchGen(...options) {
  const command = process.env.ARCHGEN_COMMAND;
  if (!command) throw new Error('Set ARCHGEN_COMMAND to the path of archgen.dll.');
  const child = spawn('dotnet', [command, 'serve', '--port', '0', ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  process.on('exit', () => child.kill());
  let told = '';
  const address = await new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      told += data;
      const match = /listening on (http:\S+)/.exec(told);
      if (match) resolve(match[1]);
    });
    child.on('exit', () => reject(new Error(`archgen serve ended: ${told}`)));
  });
  return { address, pid: child.pid, stop: () => new Promise((resolve) => { child.removeAllListeners('exit').on('exit', resolve); child.kill(); }) };
}

/** Starts a server with OpenAI's API alone. Its page and the page's headers are those of the real one. */
export async function startFake(real) {
  const fake = {
    /** The bodies of the requests for answers. */
    requests: [],
    /** The requests whose client left before the end. */
    aborted: 0,
    models: [{ id: 'test-model', object: 'model' }],
    /** What /props answers; null if there is no such endpoint. */
    props: null,
    /** What answers a request: gets the body and a reply. */
    answer: (_, reply) => reply.say('Hello.'),
  };
  const server = http.createServer(async (request, response) => {
    const path = request.url.split('?')[0];
    if (path === '/v1/models') return json(response, 200, { object: 'list', data: fake.models });
    if (path === '/props') return fake.props ? json(response, 200, fake.props) : json(response, 404, { error: { message: 'There is no such endpoint.' } });
    if (path !== '/v1/chat/completions') return forward(real, request, response);
    const body = JSON.parse(await read(request));
    fake.requests.push(body);
    fake.lastHeaders = request.headers;
    const reply = new Reply(response);
    response.on('close', () => {
      if (!response.writableEnded) fake.aborted++;
    });
    await fake.answer(body, reply);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.address = `http://127.0.0.1:${server.address().port}`;
  fake.stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return fake;
}

/** An answer that a test writes. */
class Reply {
  constructor(response) {
    this.response = response;
  }

  get isGone() {
    return this.response.destroyed;
  }

  event(value) {
    if (!this.response.headersSent) this.response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    this.response.write(typeof value === 'string' ? `data: ${value}\n\n` : `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'test-model', ...value })}\n\n`);
  }

  delta(delta, finish = null) {
    this.event({ choices: [{ index: 0, delta, finish_reason: finish }] });
  }

  text(content) {
    this.delta({ content });
  }

  end(finish = 'stop', usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 }) {
    this.delta({}, finish);
    if (usage) this.event({ choices: [], usage });
    this.event('[DONE]');
    this.response.end();
  }

  /** A whole answer, in pieces. */
  async say(content, { piece = 5, delay = 0 } = {}) {
    for (let i = 0; i < content.length && !this.isGone; i += piece) {
      this.text(content.slice(i, i + piece));
      if (delay) await pause(delay);
    }
    if (!this.isGone) this.end();
  }

  error(status, error, headers = {}) {
    json(this.response, status, { error }, headers);
  }

  /** Ends the connection without a word. */
  cut() {
    this.response.destroy();
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function read(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

function forward(real, request, response) {
  const { hostname, port } = new URL(real);
  const options = { hostname, port, path: request.url, method: request.method, headers: { ...request.headers, host: `${hostname}:${port}` } };
  const onward = http.request(options, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
