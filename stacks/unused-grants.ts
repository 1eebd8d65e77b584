import { logDeliveryActions } from './log-delivery.ts';

/** Grants that no test makes use of, with the reason why they are given all the same. */
export interface UnusedGrant {
  /** Logical names of roles. */
  readonly roles: RegExp;
  readonly actions: readonly string[];
  /** Of the resource as the policy has it; absent, any. */
  readonly resource?: RegExp;
  /** The pattern of leading keys as the policy has it; absent, any. */
  readonly leadingKey?: string;
  /** Some runs of the tests use it and others do not, or that is not known yet: neither is a failure. */
  readonly sometimes?: true;
  readonly reason: string;
}

/** Narrow these, or test them: `npm run least-privilege` after a whole run names what is left. */
const UNPROVEN =
  'Given for parts that came together; no whole run of the tests has shown yet which of these their tests use.';

/** A grant that is used by no test and not here fails the tests, and so does one that is here and used, or not granted at all. */
export const unusedGrants: readonly UnusedGrant[] = [
  {
    roles: /^(Api|Consumers|Jobs|Tasks|Triggers)[A-Za-z]+Role$/,
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    reason: 'Lambda itself writes the log of a function with its role; the local cloud keeps logs without CloudWatch.',
  },
  {
    roles: /^Consumers(BillingEvents|WebhookDelivery)Role$/,
    actions: ['sqs:GetQueueAttributes'],
    reason: 'Lambda makes no mapping of a queue for a role without it; the local cloud asks nothing of the queue.',
  },
  {
    roles: /^Consumers(AuditChain|CatalogueSnapshot|EventArchive|RecommendationMeter|WebhookEvents)Role$/,
    actions: ['dynamodb:ListStreams'],
    reason: 'Lambda makes no mapping of a stream for a role without it; the local cloud knows the stream by its ARN.',
  },
  {
    roles: /^JobsReviewBillingRole$/,
    actions: ['states:StartExecution'],
    reason:
      'Deadlines of days do not pass in a local cloud that lives for minutes. The consumer of events does the same by the same code, and lives on test clocks try every deadline.',
  },
  {
    roles: /^JobsReviewBillingRole$/,
    actions: ['ses:SendEmail'],
    sometimes: true,
    reason: 'A mail is sent by whichever looks at the outbox first, the job or the consumer of events.',
  },
  {
    roles:
      /^(CheckDomains|CountUsage|Finance|MeasureStorage|MeasureUsage|RedriveStreams|ReportUsage|ScheduleTraining|WatchHealth|WeeklyReport)Role$/,
    actions: ['lambda:InvokeFunction'],
    resource:
      /:function:[a-z0-9-]+-Jobs(CheckDomains|CountUsage|Finance|MeasureUsage|RedriveStreams|ReportUsage|ScheduleTraining|WatchHealth|WeeklyReport)Function-[a-z]+$/,
    sometimes: true,
    reason: 'Tests run these jobs themselves; only a local cloud that lives for minutes sees some of their schedules.',
  },
  {
    roles: /^TriggersPreSignUpRole$/,
    actions: ['cognito-idp:AdminUserGlobalSignOut'],
    sometimes: true,
    reason:
      'Ends the sessions of somebody who is linked while the provider is a duty; tried with the trigger itself, which no policy holds there.',
  },
  {
    roles: /^JobsFinanceRole$/,
    actions: ['dynamodb:GetItem'],
    leadingKey: 'TENANT#ten_??????????????????????????',
    reason:
      'A company that left the list while the job went through it is looked up by itself; no test of the local cloud loses one at that moment.',
  },
  {
    roles: /^JobsReconcileRole$/,
    actions: ['ses:SendEmail'],
    sometimes: true,
    reason:
      'What reconciliation mends of a company’s billing leads to a mail only where a deadline has passed unnoticed.',
  },
  {
    roles: /^JobsReconcileRole$/,
    actions: ['dynamodb:BatchGetItem'],
    leadingKey: 'USER#*#MAIL',
    sometimes: true,
    reason: 'The language of whom such a mail goes to.',
  },
  {
    roles: /^(Deletion|Erasure|Export|Fleet|Onboarding|Suspension|TierChange|Training)Role$/,
    actions: logDeliveryActions,
    reason: 'Step Functions sets up the delivery of its logs with these, which the local cloud does not do.',
  },
  {
    roles: /^ProfileTenant(Audit|Registry|Webhooks|Lists|Archive|Billing|Subscription)$/,
    actions: [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ],
    sometimes: true,
    reason: UNPROVEN,
  },
  {
    roles: /^ProfileTenantErasure$/,
    actions: ['dynamodb:DeleteItem'],
    resource: /ControlTable/,
    sometimes: true,
    reason:
      'A company has rows of each kind only if it used what they are for; the one that a test deletes has not used all.',
  },
  {
    roles: /^ApiJobsRole$/,
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage', 'lambda:InvokeFunction'],
    sometimes: true,
    reason: 'Dead letters of every queue can be given back; a test does so with some.',
  },
  {
    roles:
      /^(ConsumersAuditChain|ConsumersWebhookEvents|ConsumersCatalogueSnapshot|JobsRedriveStreams|ApiFinance)Role$/,
    actions: [
      'sqs:SendMessage',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'lambda:InvokeFunction',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:BatchGetItem',
    ],
    sometimes: true,
    reason: UNPROVEN,
  },
];
