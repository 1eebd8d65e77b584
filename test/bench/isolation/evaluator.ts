import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '@tenantry/local/aws/engine';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { bucketPolicies, roleSpecs } from '@tenantry/local/cloud/roles';
import type { CallRecord } from '@tenantry/local/gateway/record';
import { createIam, type Iam } from '@tenantry/local/iam/iam';
import type { Principal } from '@tenantry/local/iam/principal';
import { inTurns, type Measurement, measured, microseconds, middle } from '../measurement.ts';
import { someTenants } from './functions.ts';

const RUNS = 15;
const EVALUATIONS = 10_000;

type Question = Parameters<Iam['authorize']>;

/** What the gateway told policies of a call, without what came from its socket. */
const requestKeys = {
  'aws:CurrentTime': '2026-11-20T12:00:00.000Z',
  'aws:EpochTime': '1795176000',
  'aws:RequestedRegion': LOCAL_REGION,
  'aws:SecureTransport': 'true',
  'aws:SourceIp': '127.0.0.1',
  'aws:UserAgent': 'aws-sdk-js/3 ua/2.1 os/linux lang/js md/nodejs api/dynamodb',
};

const principalOf = ({ callerArn = '', roleArn = '', tags }: CallRecord): Principal => ({
  kind: 'session',
  accountId: LOCAL_ACCOUNT_ID,
  arn: callerArn,
  roleArn,
  userId: 'AROABENCHBENCHBENCH:bench',
  tags,
  transitiveTagKeys: [],
});

const questionsOf = (record: CallRecord, principal = principalOf(record)): readonly Question[] =>
  record.requirements.map((requirement) => [principal, requirement, requestKeys]);

/**
 * How many questions the IAM of the local cloud answers in a second: the program's own roles, and what the requests so far needed.
 * @throws {Error} when it does not allow what was allowed, or allows it to another tenant
 */
export async function* evaluations(cloud: LocalCloud): AsyncGenerator<Measurement> {
  const { graph, calls } = cloud;
  const iam = createIam({ roles: roleSpecs(graph), resourcePolicies: bucketPolicies(graph) });
  const records = calls.all().filter(({ allowed, roleArn }) => allowed && roleArn !== undefined);
  const questions = records.flatMap((record) => questionsOf(record));
  const [stranger = ''] = someTenants(1);
  const strangers = records
    .filter(({ tags, service }) => tags.TenantId !== undefined && service === 'dynamodb')
    .flatMap((record) => questionsOf(record, { ...principalOf(record), tags: { TenantId: stranger } }));
  const allowed = (all: readonly Question[]): number =>
    all.filter((question) => iam.authorize(...question).allowed).length;
  if (allowed(questions) !== questions.length) throw new Error('What was allowed on the way is not allowed here.');
  if (strangers.length === 0 || allowed(strangers) > 0)
    throw new Error('Another tenant is let in, or nobody was tried.');

  const perSecond = (answer: Iam['authorize']) => async (): Promise<number> => {
    let refused = 0;
    const each = await microseconds(1, async () => {
      for (let turn = 0; turn < EVALUATIONS; turn++) {
        const question = questions[turn % questions.length];
        if (question && !answer(...question).allowed) refused += 1;
      }
    });
    if (refused > 0) throw new Error(`${refused} questions were refused.`);
    return (EVALUATIONS * 1_000_000) / each;
  };
  const yes = { allowed: true, by: { policy: 0, statement: 0 } } as const;
  const { samples, floors } = await inTurns(
    RUNS,
    perSecond(iam.authorize),
    perSecond(() => yes),
  );
  yield measured('isolation.evaluations-per-second', '1/s', samples, middle(floors).median);
}
