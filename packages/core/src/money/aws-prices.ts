/** What AWS asks for one of a thing that it charges for. */
export interface AwsPrice {
  /** Millionths of a millionth of a US dollar, so that the smallest prices are whole numbers. */
  readonly picoUsd: number;
  /** What one of it is. */
  readonly unit: string;
  /** AWS's own page about it. */
  readonly source: string;
}

const usd = (dollars: number, per: number): number => Math.round((dollars / per) * 1e12);
const MILLION = 1_000_000;

const pages = {
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  api: 'https://aws.amazon.com/api-gateway/pricing/',
  dynamodb: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  s3: 'https://aws.amazon.com/s3/pricing/',
  states: 'https://aws.amazon.com/step-functions/pricing/',
  ec2: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  ebs: 'https://aws.amazon.com/ebs/pricing/',
  eks: 'https://aws.amazon.com/eks/pricing/',
  balancing: 'https://aws.amazon.com/elasticloadbalancing/pricing/',
  vpc: 'https://aws.amazon.com/vpc/pricing/',
  ses: 'https://aws.amazon.com/ses/pricing/',
  sqs: 'https://aws.amazon.com/sqs/pricing/',
  scheduler: 'https://aws.amazon.com/eventbridge/pricing/',
  watch: 'https://aws.amazon.com/cloudwatch/pricing/',
} as const;

/**
 * AWS's list prices, without free tiers, volume discounts, savings plans, support and tax. Written down by hand and to be compared with the pages
 * that are named before anybody relies on a figure; change `asOf` with them.
 */
export const awsPriceList = {
  region: 'us-east-1',
  asOf: '2026-11-01',
  prices: {
    lambdaRequests: { picoUsd: usd(0.2, MILLION), unit: 'request', source: pages.lambda },
    lambdaGbSeconds: { picoUsd: usd(0.0000133334, 1), unit: 'GB-second on arm64', source: pages.lambda },
    httpApiRequests: { picoUsd: usd(1, MILLION), unit: 'request of up to 512 KB', source: pages.api },
    dynamodbWrites: { picoUsd: usd(0.625, MILLION), unit: 'write request unit', source: pages.dynamodb },
    dynamodbReads: { picoUsd: usd(0.125, MILLION), unit: 'read request unit', source: pages.dynamodb },
    dynamodbStreamReads: {
      picoUsd: usd(0.02, 100_000),
      unit: 'streams read request unit, by others than Lambda',
      source: pages.dynamodb,
    },
    dynamodbGbHours: { picoUsd: usd(0.25, 730), unit: 'GB-hour', source: pages.dynamodb },
    s3Writes: { picoUsd: usd(0.005, 1000), unit: 'PUT, COPY, POST or LIST', source: pages.s3 },
    s3Reads: { picoUsd: usd(0.0004, 1000), unit: 'GET', source: pages.s3 },
    s3GbHours: { picoUsd: usd(0.023, 730), unit: 'GB-hour', source: pages.s3 },
    sqsRequests: { picoUsd: usd(0.4, MILLION), unit: 'request', source: pages.sqs },
    stateTransitions: { picoUsd: usd(0.025, 1000), unit: 'transition', source: pages.states },
    schedulerInvocations: { picoUsd: usd(1, MILLION), unit: 'invocation', source: pages.scheduler },
    /** By the vCPU, of the families that nodes are made of: that of `large` and larger sizes. */
    cNodeCpuHours: { picoUsd: usd(0.0725, 2), unit: 'vCPU-hour of c7g', source: pages.ec2 },
    mNodeCpuHours: { picoUsd: usd(0.0816, 2), unit: 'vCPU-hour of m7g', source: pages.ec2 },
    cAutoModeCpuHours: { picoUsd: usd(0.0087, 2), unit: 'vCPU-hour of c7g in EKS Auto Mode', source: pages.eks },
    mAutoModeCpuHours: { picoUsd: usd(0.009792, 2), unit: 'vCPU-hour of m7g in EKS Auto Mode', source: pages.eks },
    diskGbHours: { picoUsd: usd(0.08, 730), unit: 'GB-hour of gp3', source: pages.ebs },
    controlPlaneHours: { picoUsd: usd(0.1, 1), unit: 'hour of a cluster', source: pages.eks },
    balancerHours: { picoUsd: usd(0.0225, 1), unit: 'hour of an Application Load Balancer', source: pages.balancing },
    balancerUnitHours: { picoUsd: usd(0.008, 1), unit: 'LCU-hour', source: pages.balancing },
    natHours: { picoUsd: usd(0.045, 1), unit: 'hour of a NAT gateway', source: pages.vpc },
    addressHours: { picoUsd: usd(0.005, 1), unit: 'hour of a public IPv4 address', source: pages.vpc },
    natGb: { picoUsd: usd(0.045, 1), unit: 'GB through a NAT gateway', source: pages.vpc },
    mails: { picoUsd: usd(0.1, 1000), unit: 'mail', source: pages.ses },
    logGb: { picoUsd: usd(0.5, 1), unit: 'GB of logs taken in', source: pages.watch },
    alarmHours: { picoUsd: usd(0.1, 730), unit: 'hour of an alarm', source: pages.watch },
  },
} as const satisfies { region: string; asOf: string; prices: Readonly<Record<string, AwsPrice>> };

export type CostItem = keyof typeof awsPriceList.prices;
export const costItems = Object.keys(awsPriceList.prices) as readonly CostItem[];

/** How much of what is charged for. */
export type Quantities = Readonly<Partial<Record<CostItem, number>>>;
/** Millionths of a US dollar, by item. */
export type Cost = Readonly<Partial<Record<CostItem, number>>>;

const PICO_A_MICRO = 1_000_000;

/** What the quantities cost; each item is rounded to a millionth of a dollar. */
export const priced = (quantities: Quantities): Cost =>
  Object.fromEntries(
    costItems.flatMap((item) => {
      const micro = Math.round(((quantities[item] ?? 0) * awsPriceList.prices[item].picoUsd) / PICO_A_MICRO);
      return micro === 0 ? [] : [[item, micro]];
    }),
  );

export const totalOf = (cost: Cost): number => Object.values(cost).reduce((sum, micro) => sum + micro, 0);

/** The sum of quantities, each taken so many times. */
export function sumOf(parts: readonly { readonly of: Quantities; readonly times: number }[]): Quantities {
  const sum: Partial<Record<CostItem, number>> = {};
  for (const { of, times } of parts) {
    for (const item of costItems) {
      const more = (of[item] ?? 0) * times;
      if (more !== 0) sum[item] = (sum[item] ?? 0) + more;
    }
  }
  return sum;
}
