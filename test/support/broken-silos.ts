import type { LocalImage } from '@tenantry/local/kubernetes/kubelet/container';

/** An image that runs a few lines. */
const image = (source: string): LocalImage => ({ command: [process.execPath, '-e', source] });
/** A server that gives the status to probes, and the other to all else. */
const answering = (probes: number, others: number): LocalImage =>
  image(`require('node:http').createServer((request, response) => {
    response.statusCode = /^.(healthz|readyz)/.test(request.url) ? ${probes} : ${others};
    response.end();
  }).listen(process.env.PORT, '127.0.0.1')`);

/** Recommenders that do not come up, each with what the timeline says of it: the step and the reason. */
export const brokenSilos = [
  {
    trouble: 'an image that cannot be pulled',
    broken: 'missing',
    reason: /^silo: .*its image cannot be fetched \[ImagePullBackOff\]/,
  },
  {
    trouble: 'a process that ends at its start',
    broken: image('process.exit(3)'),
    reason: /^silo: .*again and again, with exit code 3 \[CrashLoopBackOff\]/,
  },
  {
    trouble: 'a recommender that never becomes ready',
    broken: answering(503, 503),
    reason: /^silo: 0 of \d updated replicas are available/,
  },
  {
    trouble: 'a silo that only its probes can reach',
    broken: answering(200, 503),
    reason: /^probe: The silo does not answer yet: /,
  },
] as const satisfies readonly { trouble: string; broken: LocalImage | 'missing'; reason: RegExp }[];
