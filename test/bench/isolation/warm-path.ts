import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import type { CallRecord } from '@tenantry/local/gateway/record';
import type { Founder } from '../../support/test-cloud.ts';
import { type Measurement, measured } from '../measurement.ts';
import { functionOf } from './functions.ts';

const WARM_UP = 20;
const REQUESTS = 200;
const EVENTS = 10;

/** Calls of AWS that a request to the collector makes, over HTTP and with a real key, one request after the other. */
export async function* warmPath(cloud: LocalCloud, { person }: Founder): AsyncGenerator<Measurement> {
  const key = await person.createKey('secret');
  const events = Array.from({ length: EVENTS }, (_, at) => ({
    shopperId: `shopper-${at}`,
    itemId: `item-${at}`,
    type: 'view',
  }));
  const send = () => person.api('collectEvents', { bearer: key, body: { events } });
  const [collector, authorizer] = [
    functionOf(cloud, 'api/collector'),
    functionOf(cloud, 'triggers/api-key-authorizer'),
  ];
  const ownRoles = [collector.roleArn, authorizer.roleArn];
  /** Calls under the roles on the path: of the two functions, and of the profile that the collector's sessions are of. */
  const onPath = ({ roleArn = '' }: CallRecord) =>
    ownRoles.includes(roleArn) || roleArn === collector.environment.TENANT_DATA_ROLE_ARN;
  const callsOf = async (request: () => Promise<unknown>): Promise<readonly CallRecord[]> => {
    const before = new Set(cloud.calls.all());
    await request();
    return cloud.calls.all().filter((record) => !before.has(record) && onPath(record));
  };
  const isOfSts = ({ service }: CallRecord): boolean => service === 'sts';

  const cold = await callsOf(send);
  const coldCalls = cold.filter(isOfSts).length;
  if (coldCalls === 0) throw new Error('Not even the first request asked STS: the calls are not counted.');
  for (let request = 1; request < WARM_UP; request++) await send();
  const [ofSts, ofAll]: [number[], number[]] = [[], []];
  for (let request = 0; request < REQUESTS; request++) {
    const calls = await callsOf(send);
    ofSts.push(calls.filter(isOfSts).length);
    ofAll.push(calls.length);
  }
  const perRequest = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / REQUESTS;
  yield measured('isolation.cold-sts-calls', 'calls/request', [coldCalls]);
  yield { ...measured('isolation.warm-sts-calls', 'calls/request', ofSts), value: perRequest(ofSts) };
  yield { ...measured('isolation.warm-aws-calls', 'calls/request', ofAll, 1), value: perRequest(ofAll) };
  if (ofSts.some((calls) => calls > 0)) throw new Error('A warm request asked STS.');
}
