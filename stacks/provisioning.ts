import { type OnboardingTask, onboardingDefinition } from '@tenantry/core/provisioning/onboarding';
import { plannerGroup, provisionerGroup } from '@tenantry/core/silo/provisioner';
import type { Silos } from './cluster.ts';
import { createFunction, type DeployedFunction, type FunctionOptions } from './function.ts';
import { type FunctionGrant, on } from './grants.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';
import type { StreamConsumer } from './stream-consumer.ts';

/** The onboarding of tenants that have paid: the functions of its steps, and the state machine that runs them. */
export function createOnboarding(options: {
  storage: Storage;
  archive: StreamConsumer;
  silos: Silos | null;
  siloRemoval: DeployedFunction;
  /** Where shoppers' requests go. */
  siteUrl: $util.Input<string>;
}) {
  const { storage, archive, silos, siloRemoval, siteUrl } = options;
  const task = (name: Exclude<OnboardingTask, 'removal'>, more: Partial<FunctionOptions> = {}) =>
    createFunction(`tasks/onboarding-${name}`, { storage, ...more });
  const siloPrefix = { SILO_TABLE_PREFIX: storage.silo.prefix };

  const tasks: Record<Exclude<OnboardingTask, 'removal'>, DeployedFunction> = {
    begin: task('begin'),
    capacity: task('capacity', {
      environment: { ...siloPrefix, CLUSTER_NAME: silos?.cluster.name ?? '' },
      grants: [
        on(['dynamodb:ListTables', 'servicequotas:GetServiceQuota'], '*'),
        ...(silos ? [on(['eks:DescribeCluster'], silos.cluster.arn)] : []),
      ],
      timeoutSeconds: 60,
    }),
    pool: task('pool'),
    storage: task('storage', {
      environment: {
        ...siloPrefix,
        EVENT_ARCHIVE_FUNCTION: archive.function.name,
        EVENT_ARCHIVE_DLQ_ARN: archive.deadLetters.arn,
      },
      grants: tableCreation(storage, archive),
      timeoutSeconds: 60,
    }),
    silo: task('silo', {
      environment: {
        ...siloSettings(storage, silos),
        CLUSTER_NAME: silos?.cluster.name ?? '',
        POD_ROLE_ARN: silos?.podRole.arn ?? '',
        TRAINER_ROLE_ARN: silos?.trainerRole.arn ?? '',
      },
      grants: silos ? clusterAccess(silos) : [],
      timeoutSeconds: 60,
    }),
    probe: task('probe', { environment: { SITE_URL: siteUrl }, timeoutSeconds: 30 }),
    finish: task('finish'),
  };
  silos?.admit('SilosProvisioner', tasks.silo, provisionerGroup);
  silos?.admit('SilosPlanner', tasks.capacity, plannerGroup);

  const functions = Object.values(tasks);
  const arns = $resolve([
    tasks.begin.arn,
    tasks.capacity.arn,
    tasks.pool.arn,
    tasks.storage.arn,
    tasks.silo.arn,
    tasks.probe.arn,
    tasks.finish.arn,
    siloRemoval.arn,
  ] as const);
  const stateMachine = createStateMachine('Onboarding', {
    name: 'onboarding',
    definition: arns.apply(([begin, capacity, pool, storage, silo, probe, finish, removal]) =>
      onboardingDefinition({ begin, capacity, pool, storage, silo, probe, finish, removal }),
    ),
    tasks: [...functions, siloRemoval].map(({ arn }) => arn),
  });
  return { stateMachine, functions, tasks };
}

/** What the objects of a silo are made with, for whoever makes them. */
export const siloSettings = (storage: Storage, silos: Silos | null) => ({
  SILO_TABLE_PREFIX: storage.silo.prefix,
  RECOMMENDATIONS_TABLE: storage.recommendations.name,
  SHOPPERS_TABLE: storage.shoppers.name,
  MODELS_BUCKET: storage.models.name,
  SILO_IMAGE: silos?.image ?? '',
  SILO_DOMAIN: silos?.domain ?? '',
});

const tableCreation = (storage: Storage, archive: StreamConsumer): readonly FunctionGrant[] => [
  on(
    [
      'dynamodb:CreateTable',
      'dynamodb:DescribeTable',
      'dynamodb:UpdateTimeToLive',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:TagResource',
    ],
    storage.silo.tables,
  ),
  {
    actions: ['lambda:CreateEventSourceMapping'],
    resources: ['*'],
    conditions: [{ test: 'ArnEquals', variable: 'lambda:FunctionArn', values: [archive.function.arn] }],
  },
  on(['lambda:ListEventSourceMappings'], '*'),
];

const clusterAccess = ({ cluster, podRole, trainerRole }: Silos): readonly FunctionGrant[] => [
  on(['eks:DescribeCluster', 'eks:CreatePodIdentityAssociation', 'eks:ListPodIdentityAssociations'], cluster.arn),
  on(['iam:PassRole', 'iam:GetRole'], podRole.arn, trainerRole.arn),
];
