import { parseArgs } from 'node:util';
import { foundationManifests } from '@tenantry/core/silo/foundation/foundation';

/** `npm run -s silo-foundation -- --certificate ARN` prints what an administrator applies to a new cluster: `… | kubectl apply -f -`. */
const { values } = parseArgs({
  options: { certificate: { type: 'string', multiple: true }, internal: { type: 'boolean', default: false } },
});
if (!values.certificate) {
  process.stderr.write('--certificate ARN is needed: of a certificate for the silos’ host names.\n');
  process.exit(1);
}
const items = foundationManifests({
  scheme: values.internal ? 'internal' : 'internet-facing',
  certificateArns: values.certificate,
});
process.stdout.write(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`);
