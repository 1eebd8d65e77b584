/** A container for tests: answers the probes, says what it was given, and breaks when it is asked to. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

let ready = process.env.STAYS_UNREADY !== 'true';
let alive = true;

async function credentials() {
  const token = readFileSync(process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '', 'utf8');
  const answer = await fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '', {
    headers: { authorization: token },
  });
  return { status: answer.status, body: await answer.json() };
}

const actions = {
  '/healthz': async () => ({ status: alive ? 200 : 500 }),
  '/readyz': async () => ({ status: ready ? 200 : 503 }),
  '/environment': async () => ({ status: 200, body: { pid: process.pid, environment: process.env } }),
  '/credentials': async () => ({ status: 200, body: await credentials() }),
  '/unready': async () => {
    ready = false;
    return { status: 200 };
  },
  '/unhealthy': async () => {
    alive = false;
    return { status: 200 };
  },
  '/crash': async () => process.exit(3),
  '/child': async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    return { status: 200, body: { pid: child.pid } };
  },
};

const server = createServer((request, response) => {
  const action =
    actions[request.url] ?? (async () => ({ status: 200, body: { url: request.url, headers: request.headers } }));
  action().then(
    ({ status, body }) => response.writeHead(status).end(JSON.stringify(body ?? {})),
    (error) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
if (process.env.IGNORES_SIGTERM === 'true') process.on('SIGTERM', () => undefined);
