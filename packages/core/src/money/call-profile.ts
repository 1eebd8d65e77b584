import type { Quantities } from './aws-prices.ts';

/**
 * Calls that AWS sees when one thing of a kind happens, in warm execution environments: by the access profile and the operation, as
 * `test/integration/cloud/call-profile.test.ts` measures them at the local cloud. What is called now and then, such as for new credentials, is left
 * out.
 */
type Calls = Readonly<Record<string, number>>;

export interface ProfiledKind {
  readonly calls: Calls;
  /** Rows that are written, of at most 1 KB each. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Events of a request in the measurement, and known shoppers of theirs. */
export const measuredBatch = { events: 25, shoppers: 5 } as const;

export const callProfile = {
  /** A request with `measuredBatch.events` events of known shoppers. */
  collect: {
    calls: { 'tenant-data UpdateItem': 1, 'tenant-data BatchWriteItem': 1 },
    rows: { Events: measuredBatch.events },
  },
  /** A batch of the stream, whatever it holds: one of the rows is for the live view, and grows with the batch to some KB. */
  archive: {
    calls: {
      'tenant-archive GetItem': 1,
      'tenant-archive PutObject': 1,
      'tenant-archive PutItem': 2,
      'tenant-archive UpdateItem': 1,
      'tenant-archive TransactWriteItems': 1,
    },
    rows: {},
  },
  /** From the pool: the history is read, the log of recommendations written. */
  recommendFromPool: {
    calls: { 'tenant-serving UpdateItem': 1, 'tenant-serving Query': 1, 'tenant-serving BatchWriteItem': 1 },
    rows: { Recommendations: 1 },
  },
  /** From a silo: its process does both, and writes the log of many lists in one call. */
  recommendFromSilo: {
    calls: { 'tenant-silo Query': 1 },
    rows: { Recommendations: 1 },
  },
  /** A batch of the stream of recommendations. */
  meterRecommendations: {
    calls: { 'tenant-lists GetItem': 1, 'tenant-lists PutItem': 1, 'tenant-lists UpdateItem': 1 },
    rows: {},
  },
  /** A training, beside reading the archive: the model and what it was made of, which of them serves, and what it is metered by. */
  training: {
    calls: { 'tenant-training PutObject': 3, 'tenant-evidence PutItem': 1, 'tenant-evidence UpdateItem': 1 },
    rows: {},
  },
} as const satisfies Record<string, ProfiledKind>;

/**
 * What no call tells: how shops use the product, and how long functions run. Assumed on the dear side; replace them by what CloudWatch shows of the
 * stage.
 */
export const assumptions = {
  /** The SDK sends after two seconds, or 20 events. */
  eventsPerRequest: 5,
  /** Events of a tenant in a batch of the stream, which waits for a second. */
  eventsPerStreamBatch: 10,
  /** New recommendations of a tenant in a batch of the stream, which waits for 30 seconds. */
  recommendationsPerStreamBatch: 10,
  /** Events that come with a shopper who is new to the execution environment. */
  eventsPerNewShopper: 5,
  /** Of requests that find no cached answer of the authorizer. */
  authorizerShare: 0.05,
  /** Rows of a shopper's history are at most 4 KB together: one strongly consistent unit. */
  historyReads: 1,
  collectSeconds: 0.03,
  recommendSeconds: 0.02,
  /** With the wait for the silo. */
  forwardSeconds: 0.03,
  authorizeSeconds: 0.02,
  consumeSeconds: 0.2,
  /** Of log per invocation of a function, in GB. */
  logGbPerInvocation: 0.0000005,
  /** Files of the archive that a training of a minute reads. */
  filesPerTrainingMinute: 2000,
  /** Transitions of the training's machine. */
  transitionsPerTrainingMinute: 4,
  /** Of the stored GB, those in the tenant's own events table; the rest is in S3. */
  tableShareOfSilo: 0.5,
  /** Of the disk of a node in Auto Mode. */
  nodeDiskGb: 80,
  /** How much of a load balancer's unit a silo's requests take per million. */
  balancerUnitHoursPerMillion: 11,
} as const;

const GB = {
  collector: 1,
  recommendations: 1769 / 1024,
  authorizer: 0.5,
  consumer: 0.5,
  training: 3008 / 1024,
} as const;

const invocation = (gb: number, seconds: number): Quantities => ({
  lambdaRequests: 1,
  lambdaGbSeconds: gb * seconds,
  logGb: assumptions.logGbPerInvocation,
});

const countOf = (calls: Calls, ...operations: readonly string[]): number =>
  Object.entries(calls).reduce(
    (sum, [call, count]) => (operations.some((one) => call.endsWith(` ${one}`)) ? sum + count : sum),
    0,
  );

/** Each item of a transaction costs twice; that of the counters has three. */
const UNITS_A_TRANSACTION = 6;

const writesOf = (calls: Calls): number =>
  countOf(calls, 'PutItem', 'UpdateItem') + UNITS_A_TRANSACTION * countOf(calls, 'TransactWriteItems');

/** What one unit of each kind of use comes to, of what AWS charges for. */
export const unitCosts = {
  /** A call of the HTTP API, whatever it does. */
  request: {
    httpApiRequests: 1,
    lambdaRequests: assumptions.authorizerShare,
    lambdaGbSeconds: assumptions.authorizerShare * GB.authorizer * assumptions.authorizeSeconds,
    logGb: assumptions.authorizerShare * assumptions.logGbPerInvocation,
    /** Key and tenant, strongly consistent. */
    dynamodbReads: assumptions.authorizerShare * 2,
  },
  collectRequest: invocation(GB.collector, assumptions.collectSeconds),
  event: {
    dynamodbWrites: callProfile.collect.rows.Events / measuredBatch.events + 1 / assumptions.eventsPerNewShopper,
  },
  streamBatch: {
    ...invocation(GB.consumer, assumptions.consumeSeconds),
    s3Writes: countOf(callProfile.archive.calls, 'PutObject'),
    dynamodbReads: countOf(callProfile.archive.calls, 'GetItem'),
    dynamodbWrites: writesOf(callProfile.archive.calls),
  },
  poolRecommendation: {
    ...invocation(GB.recommendations, assumptions.recommendSeconds),
    dynamodbReads: countOf(callProfile.recommendFromPool.calls, 'Query') * assumptions.historyReads,
    dynamodbWrites: callProfile.recommendFromPool.rows.Recommendations,
  },
  siloRecommendation: {
    ...invocation(GB.recommendations, assumptions.forwardSeconds),
    dynamodbReads: countOf(callProfile.recommendFromSilo.calls, 'Query') * assumptions.historyReads,
    dynamodbWrites: callProfile.recommendFromSilo.rows.Recommendations,
    balancerUnitHours: assumptions.balancerUnitHoursPerMillion / 1_000_000,
  },
  recommendationBatch: {
    ...invocation(GB.consumer, assumptions.consumeSeconds),
    dynamodbReads: countOf(callProfile.meterRecommendations.calls, 'GetItem'),
    dynamodbWrites: writesOf(callProfile.meterRecommendations.calls),
  },
  /** Looked at each ten minutes: evidence, and that it is to be counted, and what counting it writes. */
  siloHour: { dynamodbWrites: 6 * 2 + 10 },
  trainingMinute: {
    lambdaRequests: 1,
    lambdaGbSeconds: GB.training * 60,
    s3Reads: assumptions.filesPerTrainingMinute,
    s3Writes: countOf(callProfile.training.calls, 'PutObject'),
    /** The register of models, the history, and how far the training is, too. */
    dynamodbWrites: writesOf(callProfile.training.calls) + 18,
    stateTransitions: assumptions.transitionsPerTrainingMinute,
  },
} as const satisfies Record<string, Quantities>;
