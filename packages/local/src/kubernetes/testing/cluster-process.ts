/** A cluster in a process of its own, so that a test can kill it: `cluster-process.ts <dir> <apply | resume>`. */
import { eventually, startCluster } from './cluster-harness.ts';
import { applyAll, testSilo } from './manifests.ts';

const [dir = '', mode] = process.argv.slice(2);
const cluster = await startCluster({ dir });
if (mode === 'apply') await applyAll(cluster.client(), testSilo());
const [pod] = await eventually(async () => {
  const pods = cluster.kubernetes.pods();
  return pods.some((one) => one.ready) && pods;
}, 20_000);
const { ingressPort, caData } = cluster.kubernetes;
process.stdout.write(`${JSON.stringify({ ingressPort, caData, pod })}\n`);
