/** What differs between deployments. Everything else is the same on every stage. */
export interface StageSettings {
  /** What `sst remove`, or taking a resource out of the program, does to tables and buckets. */
  readonly removal: 'remove' | 'retain';
  /** Refuses `sst remove`. */
  readonly protect: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
  /** The site's own domain, such as `app.example.com`, hosted in Route 53; null for CloudFront's. */
  readonly domain: string | null;
  /** The sender of mails to companies; its address or domain is verified with SES once. */
  readonly mailFrom: string;
  /** Circulars sent in a second, below what SES allows the account; its notices come on top. */
  readonly mailsPerSecond: number;
  readonly logRetentionDays: 7 | 30 | 365;
  readonly logLevel: 'debug' | 'info';
  /** How long archived events are kept for training. */
  readonly archiveDays: number;
  /** How long the old place of a tenant that moved to another tier is kept, with every event. */
  readonly tierChangeGraceSeconds: number;
  /** Requests per second and burst of the whole API; tenants' own limits lie below. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** What the stage may cost in a month before people are told; null where it costs nothing. */
  readonly budget: { readonly monthlyUsd: number } | null;
  /** The cluster for tenants with resources of their own; null where there are none. */
  readonly silos: SiloSettings | null;
}

export interface SiloSettings {
  /** Tag of the recommender's image in the stage's own registry, until a rollout brings another. */
  readonly imageTag: string;
  /** How long a wave of a rollout runs a version before its gate. */
  readonly soakSeconds: number;
  /** Silos answer at `<slug>.<domain>`. */
  readonly domain: string;
  /** NAT gateways: one is cheaper, one per zone survives the loss of a zone. */
  readonly natGateways: 1 | 3;
}

const stages = {
  local: {
    removal: 'remove',
    protect: false,
    pointInTimeRecovery: false,
    deletionProtection: false,
    domain: null,
    mailFrom: 'billing@tenantry.localhost',
    mailsPerSecond: 1000,
    logRetentionDays: 7,
    logLevel: 'info',
    archiveDays: 30,
    tierChangeGraceSeconds: 0,
    throttle: { rate: 1000, burst: 2000 },
    budget: null,
    silos: { imageTag: 'local', soakSeconds: 1, domain: 'silo.localhost', natGateways: 1 },
  },
  dev: {
    removal: 'remove',
    protect: false,
    pointInTimeRecovery: false,
    deletionProtection: false,
    domain: null,
    mailFrom: 'billing@dev.example.com',
    mailsPerSecond: 1,
    logRetentionDays: 7,
    logLevel: 'debug',
    archiveDays: 30,
    tierChangeGraceSeconds: 600,
    throttle: { rate: 50, burst: 100 },
    budget: { monthlyUsd: 20 },
    silos: null,
  },
  staging: {
    removal: 'remove',
    protect: false,
    pointInTimeRecovery: true,
    deletionProtection: false,
    domain: null,
    mailFrom: 'billing@staging.example.com',
    mailsPerSecond: 1,
    logRetentionDays: 30,
    logLevel: 'info',
    archiveDays: 90,
    tierChangeGraceSeconds: 3600,
    throttle: { rate: 200, burst: 400 },
    budget: { monthlyUsd: 500 },
    silos: { imageTag: 'staging', soakSeconds: 60, domain: 'silo.staging.internal', natGateways: 1 },
  },
  production: {
    removal: 'retain',
    protect: true,
    pointInTimeRecovery: true,
    deletionProtection: true,
    domain: null,
    mailFrom: 'billing@example.com',
    mailsPerSecond: 10,
    logRetentionDays: 365,
    logLevel: 'info',
    archiveDays: 400,
    tierChangeGraceSeconds: 86_400,
    throttle: { rate: 2000, burst: 4000 },
    budget: { monthlyUsd: 5000 },
    silos: { imageTag: 'production', soakSeconds: 600, domain: 'silo.internal', natGateways: 3 },
  },
} as const satisfies Record<string, StageSettings>;

/** The length leaves room for the longest name that is made from it, within IAM's 64 characters. */
const STAGE_NAME = /^[a-z][a-z0-9-]{0,23}$/;

/** Settings by the name of a stage; a name that is not in the table is a developer's own stage.
 * @throws {Error} when the name cannot be part of resource names */
export function stageSettings(name: string): StageSettings {
  if (!STAGE_NAME.test(name)) {
    throw new Error(`"${name}" cannot be a stage: use up to 24 lower-case letters, digits and hyphens.`);
  }
  return isStage(name) ? stages[name] : stages.dev;
}

const isStage = (name: string): name is keyof typeof stages => Object.hasOwn(stages, name);
