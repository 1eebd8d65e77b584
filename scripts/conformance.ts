import { manifests } from '../test/conformance/kubernetes/manifests.ts';
import { kubernetes } from '../test/conformance/kubernetes/suite.ts';
import { podman } from '../test/conformance/podman/suite.ts';
import { stripe } from '../test/conformance/stripe/suite.ts';
import type { Suite } from '../test/conformance/suite.ts';
import { run } from './run-command.ts';

/**
 * `npm run conformance [name…]`: the product's own tests against engines that others wrote. A suite whose engine cannot be had here is skipped, with the
 * reason; the command fails only when a suite does.
 */
const suites: Readonly<Record<string, Suite>> = { manifests, kubernetes, podman, stripe };

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(suites, name));
if (unknown !== undefined) {
  process.stderr.write(`There is no suite "${unknown}"; choose of ${Object.keys(suites).join(', ')}.\n`);
  process.exit(2);
}
const lines: string[] = [];
let failed = false;
for (const [name, suite] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`\n${name}: ${suite.about}\n`);
  const started = performance.now();
  const outcome = await suite.run(run);
  failed ||= outcome.kind === 'failed';
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  lines.push(
    `${name}: ${outcome.kind === 'skipped' ? `skipped, since ${outcome.reason}` : `${outcome.kind} in ${seconds} s`}`,
  );
}
process.stdout.write(`\n${lines.join('\n')}\n`);
process.exit(failed ? 1 : 0);
