import { describe, expect, it } from 'vitest';
import { stageSettings } from '../../stacks/stage.ts';
import { graphOf, named, ofType, stages } from './graphs.ts';

const tables = ['Control', 'Events', 'Recommendations', 'Shoppers', 'Catalogue', 'Attribution', 'Usage', 'Audit'];
const buckets = ['Models', 'Archive', 'Exports'];

describe.each(stages)('the stage %s', (stage) => {
  const settings = stageSettings(stage);

  it('encrypts every table, and backs up and protects it as the stage demands', () => {
    const graph = graphOf(stage);
    expect(
      ofType(graph, 'Table')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(tables.map((name) => `${name}Table`).sort());
    for (const { inputs } of ofType(graph, 'Table')) {
      expect(inputs).toMatchObject({
        billingMode: 'PAY_PER_REQUEST',
        serverSideEncryption: { enabled: true },
        pointInTimeRecovery: { enabled: settings.pointInTimeRecovery },
        deletionProtectionEnabled: settings.deletionProtection,
      });
    }
  });

  it('lets rows expire that are not to be kept, and never an entry of the audit log or of a catalogue', () => {
    const graph = graphOf(stage);
    for (const name of tables) {
      const { inputs } = named(graph, 'Table', `${name}Table`);
      const kept = name === 'Audit' || name === 'Catalogue';
      expect(inputs.ttl, name).toEqual(kept ? undefined : { attributeName: 'expiresAt', enabled: true });
    }
  });

  it('opens no bucket to the public or to unencrypted connections, and encrypts what tenants store', () => {
    const graph = graphOf(stage);
    const bucketNames = ofType(graph, 'Bucket').filter(({ type }) => type.startsWith('aws:'));
    for (const { id } of bucketNames) {
      const block = ofType(graph, 'BucketPublicAccessBlock').find(({ inputs }) => inputs.bucket === id);
      expect(block?.inputs).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      const policy = ofType(graph, 'BucketPolicy').find(({ inputs }) => inputs.bucket === id);
      const { Statement } = JSON.parse(String(policy?.inputs.policy)) as { Statement: readonly object[] };
      expect(Statement).toContainEqual({
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:*'],
        Resource: [`arn:aws:s3:::${id}`, `arn:aws:s3:::${id}/*`],
        Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
      });
    }
    for (const name of buckets) {
      const { id } = named(graph, 'Bucket', `${name}Bucket`);
      const encryption = ofType(graph, 'BucketServerSideEncryptionConfiguration').find(
        ({ inputs }) => inputs.bucket === id,
      );
      expect(encryption?.inputs.rules).toEqual([{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }]);
    }
  });

  it('deletes stored objects with a bucket only where the stage may be removed', () => {
    const graph = graphOf(stage);
    for (const name of buckets) {
      expect(named(graph, 'Bucket', `${name}Bucket`).inputs.forceDestroy).toBe(settings.removal === 'remove');
    }
  });

  it('has a cluster, and all that belongs to one, exactly where the stage has silos', () => {
    const graph = graphOf(stage);
    const count = settings.silos ? 1 : 0;
    for (const type of ['aws:eks/cluster:Cluster', 'aws:ec2/vpc:Vpc']) {
      expect(graph.resources.filter((resource) => resource.type === type).length, type).toBe(count);
    }
    expect(ofType(graph, 'NatGateway').length).toBe(settings.silos?.natGateways ?? 0);
    const silo = graph.functions.find(({ logicalName }) => logicalName === 'TasksOnboardingSilo');
    expect(silo?.environment.CLUSTER_NAME).toBe(settings.silos ? `tenantry-${stage}-silos` : '');
  });

  it('lets functions into the cluster as members of their own groups, never as administrators', () => {
    const graph = graphOf(stage);
    const roleOf = (name: string) => graph.functions.find(({ logicalName }) => logicalName === name)?.roleArn;
    const entries = ofType(graph, 'AccessEntry').map(({ inputs }) => [inputs.principalArn, inputs.kubernetesGroups]);
    const wanted = [
      [roleOf('ApiSupport'), ['tenantry:observer']],
      [roleOf('TasksDeletionSilo'), ['tenantry:eraser']],
      [roleOf('TasksOnboardingCapacity'), ['tenantry:planner']],
      [roleOf('TasksOnboardingSilo'), ['tenantry:provisioner']],
      [roleOf('JobsReconcile'), ['tenantry:reconciler']],
      [roleOf('TasksFleetSilo'), ['tenantry:releaser']],
      [roleOf('TasksSuspensionSilo'), ['tenantry:suspender']],
      [roleOf('TasksTrainingSilo'), ['tenantry:training']],
    ];
    const sorted = (some: readonly unknown[]) => some.map((one) => JSON.stringify(one)).sort();
    expect(sorted(entries)).toEqual(settings.silos ? sorted(wanted) : []);
    expect(ofType(graph, 'AccessPolicyAssociation')).toEqual([]);
  });

  it('keeps logs for as long as the stage says', () => {
    for (const { name, inputs } of ofType(graphOf(stage), 'LogGroup')) {
      expect(inputs.retentionInDays, name).toBe(settings.logRetentionDays);
    }
  });

  it('runs every function on the current Node for ARM, with its stage and log level', () => {
    const graph = graphOf(stage);
    for (const { inputs } of ofType(graph, 'Function').filter(({ type }) => type.startsWith('aws:lambda'))) {
      expect(inputs).toMatchObject({ runtime: 'nodejs24.x', architectures: ['arm64'] });
    }
    for (const { environment } of graph.functions) {
      expect(environment).toMatchObject({ STAGE: stage, LOG_LEVEL: settings.logLevel });
    }
  });

  it('tries a billing event five times before it is set aside, and never while it is being worked on', () => {
    const graph = graphOf(stage);
    const queue = named(graph, 'Queue', 'BillingEventsQueue');
    const deadLetters = named(graph, 'Queue', 'BillingEventsDeadLettersQueue');
    expect(JSON.parse(String(queue.inputs.redrivePolicy))).toEqual({
      deadLetterTargetArn: deadLetters.arn,
      maxReceiveCount: 5,
    });
    const consumer = graph.functions.find(({ logicalName }) => logicalName === 'ConsumersBillingEvents');
    expect(Number(queue.inputs.visibilityTimeoutSeconds)).toBeGreaterThanOrEqual(6 * (consumer?.timeoutSeconds ?? 30));
  });

  it('names everything within the limits of its service', () => {
    const graph = graphOf(stage);
    for (const { name, state } of ofType(graph, 'Role'))
      expect(String(state.name).length, name).toBeLessThanOrEqual(64);
    for (const { name } of graph.functions) expect(name.length).toBeLessThanOrEqual(64);
    for (const { id } of ofType(graph, 'Bucket')) expect(id.length).toBeLessThanOrEqual(63);
  });
});

describe('the user pool', () => {
  it('takes no claim of authority from what a user may write', () => {
    const graph = graphOf('production');
    expect(named(graph, 'UserPoolClient', 'WebClient').inputs.writeAttributes).toEqual(['email', 'name']);
    expect(named(graph, 'UserPool', 'UsersUserPool').inputs.schemas).toBeUndefined();
  });

  it('gives a public client codes only, to the addresses of the site, and can revoke what it gave', () => {
    const { inputs } = named(graphOf('local'), 'UserPoolClient', 'WebClient');
    expect(inputs).toMatchObject({
      generateSecret: false,
      allowedOauthFlows: ['code'],
      callbackUrls: ['http://localhost:4400/auth/callback'],
      logoutUrls: ['http://localhost:4400/'],
      enableTokenRevocation: true,
      preventUserExistenceErrors: 'ENABLED',
    });
  });

  it('demands long passwords, offers a second factor and shapes tokens by the V2 trigger', () => {
    const { inputs } = named(graphOf('production'), 'UserPool', 'UsersUserPool');
    expect(inputs).toMatchObject({
      mfaConfiguration: 'OPTIONAL',
      softwareTokenMfaConfiguration: { enabled: true },
      passwordPolicy: { minimumLength: 12 },
      usernameAttributes: ['email'],
      deletionProtection: 'ACTIVE',
      lambdaConfig: { preTokenGenerationConfig: { lambdaVersion: 'V2_0' } },
    });
  });
});

describe('stage names', () => {
  it('outside the table are developers’ own stages', () => {
    expect(stageSettings('alice')).toBe(stageSettings('dev'));
  });

  it.each(['', 'Production', 'a_b', '1st', 'x'.repeat(25), 'toString()'])('%j is refused', (name) => {
    expect(() => stageSettings(name)).toThrow('cannot be a stage');
  });

  it.each(['constructor', 'tostring', 'valueof'])('%s is a name like any other', (name) => {
    expect(stageSettings(name)).toBe(stageSettings('dev'));
  });
});
