import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../aws/engine.ts';
import { created } from './aws-shapes.ts';
import type { GraphResource } from './graph.ts';
import { policyDocument } from './policy-document.ts';
import type { MockMonitor, MockResourceArgs, Pulumi } from './pulumi.ts';

const RPC_SECRET = '1b47061264138c4ac30d75fd1eb44270';
const SECRET_KEY = '4dabf18193072939515e22adb298388d';

/** Takes Pulumi's secret marks off: the graph lives on this machine only, in a file that only its owner may read. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  if (record[SECRET_KEY] === RPC_SECRET) return unwrapped(record.value);
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, unwrapped(item)]));
}

const zones = ['a', 'b', 'c'].map((letter) => `${LOCAL_REGION}${letter}`);

const lookups: Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>) => Record<string, unknown>>> = {
  'aws:index/getRegion:getRegion': () => ({ region: LOCAL_REGION, name: LOCAL_REGION, id: LOCAL_REGION }),
  'aws:index/getPartition:getPartition': () => ({ partition: 'aws', dnsSuffix: 'amazonaws.com' }),
  'aws:index/getCallerIdentity:getCallerIdentity': () => ({
    accountId: LOCAL_ACCOUNT_ID,
    arn: `arn:aws:iam::${LOCAL_ACCOUNT_ID}:root`,
  }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': () => ({ names: zones, zoneIds: zones }),
  'aws:iam/getPolicyDocument:getPolicyDocument': policyDocument,
};

/**
 * Answers Pulumi in the place of AWS: records what the program declares and gives it identifiers and ARNs in AWS's own
 * shapes. Lookups that it does not know are errors.
 */
export async function installMonitor(
  pulumi: Pulumi,
  options: { readonly app: string; readonly stage: string },
): Promise<readonly GraphResource[]> {
  const { app, stage } = options;
  const resources: GraphResource[] = [];
  let registering: { readonly urn: string; readonly parent: string } | undefined;

  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs: raw, custom }: MockResourceArgs) {
        const inputs = unwrapped(raw) as Record<string, unknown>;
        const { id, state } = custom ? created({ type, name, inputs, stage }) : { id: '', state: inputs };
        if (registering) {
          const { urn, parent } = registering;
          const arn = typeof state.arn === 'string' ? { arn: state.arn } : {};
          resources.push({ urn, type, name, id, ...arn, inputs, state, ...(parent ? { parent } : {}) });
        }
        return { id, state };
      },
      call({ token, inputs }) {
        const lookup = lookups[token];
        if (!lookup) throw new Error(`The program looks up "${token}", which cannot be answered without an account.`);
        return lookup(unwrapped(inputs) as Record<string, unknown>);
      },
    },
    app,
    stage,
    false,
  );

  // The mocks are not told whose child a resource is, so that is noted just before they are called, in the same turn.
  const monitor = pulumi.runtime.getMonitor() as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const parent = request.getParent();
    registering = { urn: monitor.newUrn(parent, request.getType(), request.getName()), parent };
    const result = register(request, callback);
    registering = undefined;
    return result;
  };
  return resources;
}
