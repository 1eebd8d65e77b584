import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdSource } from '@tenantry/core/ids/id';
import { findPorts, type Ports } from '@tenantry/local/cloud/ports';
import { loadProgram } from '@tenantry/local/cloud/program';
import { poolSpecs } from '@tenantry/local/cloud/specs';
import { type Instance, Person, until } from '@tenantry/local/demo/journey';
import { afterAll, expect, it } from 'vitest';
import { root } from '../../support/test-cloud.ts';

/** `npm run dev` as a process of its own, to be killed. */
const dir = mkdtempSync(join(tmpdir(), 'tenantry-restart-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
}

const startDev = (args: readonly string[]): Running => {
  const child = spawn(process.execPath, ['packages/local/src/main.ts', ...args], { cwd: root, env: process.env });
  children.push(child);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  return { child, output: () => text };
};

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(child.exitCode),
  );

async function start(ports: Ports): Promise<Running> {
  const running = startDev(['--port', String(ports.site), '--dir', dir]);
  await until(
    'npm run dev',
    async () => {
      if (running.child.exitCode !== null) throw new Error(running.output());
      return running.output().includes('Tenantry is running') ? true : undefined;
    },
    90_000,
  );
  return running;
}

async function clientIdOfProgram(): Promise<string> {
  const secrets = { StripeSecretKey: '', StripeWebhookSecret: '', WebhookKey: '', MailKey: '', AnswerKey: '' };
  const graph = await loadProgram({ root, siteUrl: 'http://localhost', secrets });
  return poolSpecs(graph)[0]?.clients[0]?.id ?? '';
}

it('loses nothing that was acknowledged when it is killed and started again', async () => {
  const ports = await findPorts();
  const first = await start(ports);
  const instance: Instance = {
    siteUrl: `http://localhost:${ports.site}`,
    loginUrl: `http://localhost:${ports.login}`,
    inboxUrl: `http://localhost:${ports.inbox}`,
    stripeUrl: `http://localhost:${ports.stripe}`,
    clientId: await clientIdOfProgram(),
  };
  const person = new Person(instance, 'survivor@example.com');
  await person.signUp();
  const { checkoutUrl, tenantId } = await person.register({ name: 'Survivor', slug: 'survivor', tier: 'premium' });
  await person.pay(checkoutUrl);
  await person.onboarded();
  const key = await person.createKey('secret');
  const newId = createIdSource();
  const sendEvents = (count: number) =>
    person.api('collectEvents', {
      bearer: key,
      body: {
        events: Array.from({ length: count }, (_, i) => ({
          id: newId('event'),
          shopperId: `s${i % 7}`,
          itemId: `i${i % 5}`,
          type: 'view',
        })),
      },
    });
  const { accepted } = await sendEvents(100);
  // Killed right after the answer: the stream, the archive and the meters have not had time.
  first.child.kill('SIGKILL');
  await ended(first.child);

  const second = await start(ports);
  await person.signIn();
  const me = await person.api('getMe', { bearer: person.accessToken });
  expect(me.memberships.map(({ tenant }) => `${tenant.id} ${tenant.status}`)).toEqual([`${tenantId} active`]);
  const more = await sendEvents(20);
  const archived = await until(
    'the archive',
    async () => {
      const { archivedEvents } = await person.api('getActivity', { bearer: person.accessToken });
      return archivedEvents >= accepted + more.accepted ? archivedEvents : undefined;
    },
    60_000,
  );
  expect(archived).toBe(120);
  const list = await until('the silo after the restart', async () => {
    const answer = await person.api('recommend', { bearer: key, body: { shopperId: 's1', limit: 3 } });
    return answer.servedBy === 'silo' ? answer : undefined;
  });
  expect(list.servedBy).toBe('silo');
  second.child.kill('SIGTERM');
  expect(await ended(second.child)).toBe(0);
}, 240_000);

it('says in one sentence that a port is in use, and exits with 1', async () => {
  const ports = await findPorts();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(ports.login, '127.0.0.1', resolve));
  const { child, output } = startDev(['--port', String(ports.site), '--dir', dir]);
  expect(await ended(child)).toBe(1);
  expect(output().trim().split('\n')).toEqual([
    `Port ${ports.login} is in use; stop what listens there, or choose other ports with --port N.`,
  ]);
  taken.close();
});

it('says in one sentence that its folder cannot be written, and exits with 1', async () => {
  const ports = await findPorts();
  const { child, output } = startDev(['--port', String(ports.site), '--dir', '/dev/null/tenantry']);
  expect(await ended(child)).toBe(1);
  expect(output().trim()).toBe('The folder /dev/null/tenantry cannot be written; choose another with --dir FOLDER.');
});
