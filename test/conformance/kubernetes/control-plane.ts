import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const source = fileURLToPath(new URL('./control-plane', import.meta.url));
const cacheDir = fileURLToPath(new URL('../../../node_modules/.cache/tenantry/conformance', import.meta.url));
/** Modules are fetched, and four large programs compiled, the first time. */
const buildMsMax = 20 * 60_000;

const packages = { 'control-plane': '.', 'validate-objects': './validate' } as const;

/**
 * Builds Kubernetes' own control plane, or what of it validates objects, with Go.
 * @returns the program, or why there is none
 */
export async function buildKubernetes(
  name: keyof typeof packages,
): Promise<{ readonly program: string } | { readonly missing: string }> {
  try {
    await run('go', ['version']);
  } catch {
    return { missing: 'Go is not on the PATH, which builds what is needed of Kubernetes' };
  }
  mkdirSync(cacheDir, { recursive: true });
  const program = join(cacheDir, name);
  try {
    await run('go', ['build', '-o', program, packages[name]], { cwd: source, timeout: buildMsMax, maxBuffer: 1 << 24 });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : error;
    return { missing: `what is needed of Kubernetes could not be built: ${said}` };
  }
  return { program };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

export interface ControlPlane {
  /** With one context, `conformance`, whose user may do anything. */
  readonly kubeconfig: string;
  readonly context: string;
  stop(): Promise<void>;
}

/** Starts a control plane on loopback, empty, without any node. */
export async function startControlPlane(program: string): Promise<ControlPlane> {
  const dir = mkdtempSync(join(tmpdir(), 'control-plane-'));
  const children: ChildProcess[] = [];
  const [etcdPort, peerPort, apiPort, managerPort, schedulerPort] = await Promise.all(
    Array.from({ length: 5 }, () => freePort()),
  );
  const token = randomBytes(24).toString('base64url');
  const file = (name: string): string => join(dir, name);
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file('accounts.key'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(file('accounts.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(file('tokens.csv'), `${token},administrator,1,"system:masters"\n`, { mode: 0o600 });

  function start(component: string, flags: Readonly<Record<string, string>>): void {
    const log = openSync(file(`${component}.log`), 'w');
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    children.push(spawn(program, [component, ...args], { stdio: ['ignore', log, log], cwd: dir }));
  }
  async function stop(): Promise<void> {
    await Promise.all(
      children.map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve();
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
    rmSync(dir, { recursive: true, force: true });
  }

  start('etcd', {
    'data-dir': file('etcd'),
    'listen-client-urls': `http://127.0.0.1:${etcdPort}`,
    'advertise-client-urls': `http://127.0.0.1:${etcdPort}`,
    'listen-peer-urls': `http://127.0.0.1:${peerPort}`,
    // It lives as long as a test.
    'unsafe-no-fsync': 'true',
  });
  start('apiserver', {
    'etcd-servers': `http://127.0.0.1:${etcdPort}`,
    'secure-port': String(apiPort),
    'bind-address': '127.0.0.1',
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': '10.96.0.0/16',
    'cert-dir': file('certificates'),
    'token-auth-file': file('tokens.csv'),
    'authorization-mode': 'RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': file('accounts.pub'),
    'service-account-signing-key-file': file('accounts.key'),
  });
  const kubeconfig = file('kubeconfig');
  try {
    const authority = await certificateOf(file('certificates/apiserver.crt'));
    writeFileSync(kubeconfig, configOf(`https://127.0.0.1:${apiPort}`, authority, token), { mode: 0o600 });
    const common = { kubeconfig, 'leader-elect': 'false', 'bind-address': '127.0.0.1' };
    start('controller-manager', {
      ...common,
      'secure-port': String(managerPort),
      'cert-dir': file('manager'),
      'service-account-private-key-file': file('accounts.key'),
    });
    start('scheduler', { ...common, 'secure-port': String(schedulerPort), 'cert-dir': file('scheduler') });
    await ready(`https://127.0.0.1:${apiPort}`, authority, token);
  } catch (error) {
    const log = readFileSync(file('apiserver.log'), 'utf8').split('\n').slice(-5).join('\n');
    await stop();
    throw new Error(`The control plane did not start: ${log}`, { cause: error });
  }
  return { kubeconfig, context: 'conformance', stop };
}

const startMsMax = 120_000;

async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + startMsMax;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('It took too long.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The API server's certificate, which it makes at its first start and which is its own authority. */
const certificateOf = (path: string): Promise<string> =>
  until(() => {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return text.includes('-----END CERTIFICATE-----') ? text : undefined;
  });

const configOf = (server: string, authority: string, token: string): string => `apiVersion: v1
kind: Config
current-context: conformance
clusters:
  - name: conformance
    cluster:
      server: ${server}
      certificate-authority-data: ${Buffer.from(authority).toString('base64')}
users:
  - name: administrator
    user:
      token: ${token}
contexts:
  - name: conformance
    context:
      cluster: conformance
      user: administrator
`;

/** The API serves, and the namespaces that everything expects are there. */
async function ready(server: string, authority: string, token: string): Promise<void> {
  const status = (path: string): Promise<number> =>
    new Promise((resolve) => {
      const call = request(new URL(path, server), { ca: authority, headers: { authorization: `Bearer ${token}` } });
      call.on('error', () => resolve(0));
      call.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      call.end();
    });
  for (const path of ['/readyz', '/api/v1/namespaces/default', '/api/v1/namespaces/kube-node-lease']) {
    await until(async () => ((await status(path)) === 200 ? true : undefined));
  }
}
