import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from '../suite.ts';
import { makeNodeImage, nodeImage, podmanMissing } from './node-image.ts';

const processesMax = 4096;

/**
 * Limits that this process may pass on, for machines on which podman may not raise them, and `runc` where it is there, which takes more kinds of
 * control groups than `crun`.
 */
function containersConf(): string {
  const files = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  const limits = `"nofile=${files}:${files}", "nproc=${processesMax}:${processesMax}"`;
  let runtime = '';
  try {
    execFileSync('runc', ['--version'], { stdio: 'ignore' });
    runtime = '[engine]\nruntime = "runc"\n';
  } catch {
    // Podman's own choice then.
  }
  return `[containers]\n${files === 'unlimited' ? '' : `default_ulimits = [${limits}]\n`}${runtime}`;
}

/** The local cloud with podman's containers for pods, of the recommender's own image on this machine's Node. */
export const podman: Suite = {
  about: 'silos as containers of podman',
  async run(run) {
    const missing = podmanMissing();
    if (missing) return { kind: 'skipped', reason: missing };
    const dir = mkdtempSync(join(tmpdir(), 'containers-conf-'));
    if (!process.env.CONTAINERS_CONF) {
      writeFileSync(join(dir, 'containers.conf'), containersConf());
      process.env.CONTAINERS_CONF = join(dir, 'containers.conf');
    }
    try {
      makeNodeImage();
      const pods = await run('vitest', [
        'run',
        '--config',
        'test/conformance/vitest.config.ts',
        'test/conformance/podman',
      ]);
      process.env.TENANTRY_PODS = 'podman';
      process.env.TENANTRY_RUNTIME_IMAGE = nodeImage;
      const demo = await run(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        'packages/local/src/demo/main.ts',
      ]);
      const silo = await run('vitest', ['run', 'test/integration/cloud/silo-readiness.test.ts']);
      return { kind: [pods, demo, silo].every((code) => code === 0) ? 'passed' : 'failed' };
    } finally {
      delete process.env.TENANTRY_PODS;
      delete process.env.TENANTRY_RUNTIME_IMAGE;
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
