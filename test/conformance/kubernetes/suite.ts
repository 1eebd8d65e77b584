import type { Suite } from '../suite.ts';
import { buildKubernetes, startControlPlane } from './control-plane.ts';

/** Tests of the local cloud that are about silos. Each starts with an empty cluster. */
const tests = ['silo-readiness', 'suspension', 'failed-onboarding', 'deletion', 'fleet', 'merging'];

/** The local cloud with Kubernetes' own API server, admission, roles, controllers and scheduler in place of the local cluster. */
export const kubernetes: Suite = {
  about: 'silos on Kubernetes’ own control plane, which Go builds',
  async run(run) {
    const built = await buildKubernetes('control-plane');
    if ('missing' in built) return { kind: 'skipped', reason: built.missing };
    const codes: number[] = [];
    for (const [command, args] of [
      [process.execPath, ['--disable-warning=ExperimentalWarning', 'packages/local/src/demo/main.ts']],
      ...tests.map((name) => ['vitest', ['run', `test/integration/cloud/${name}.test.ts`]] as const),
    ] as const) {
      const cluster = await startControlPlane(built.program);
      process.env.TENANTRY_KUBECONFIG = cluster.kubeconfig;
      process.env.TENANTRY_KUBE_CONTEXT = cluster.context;
      try {
        codes.push(await run(command, args));
      } finally {
        await cluster.stop();
        delete process.env.TENANTRY_KUBECONFIG;
        delete process.env.TENANTRY_KUBE_CONTEXT;
      }
    }
    return { kind: codes.every((code) => code === 0) ? 'passed' : 'failed' };
  },
};
