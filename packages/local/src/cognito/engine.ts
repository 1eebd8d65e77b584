import { randomBytes as cryptoRandomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError, type AwsRequest, type Engine, LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../aws/engine.ts';
import type { MailEngine } from '../mail/engine.ts';
import { type PageResponse, type PageServer, servePages } from '../mail/page-server.ts';
import { CodeStore } from './code-store.ts';
import { openDatabase } from './database.ts';
import { FlowStore } from './flow-store.ts';
import { createHostedUi } from './hosted/hosted-ui.ts';
import { IdentityProviderStore } from './identity-provider-store.ts';
import { ACCOUNT_OPERATIONS } from './operations/account-operations.ts';
import { ADMIN_OPERATIONS } from './operations/admin-operations.ts';
import { CLIENT_OPERATIONS } from './operations/client-operations.ts';
import type { CognitoOperation } from './operations/definition.ts';
import { DESCRIBE_OPERATIONS } from './operations/describe-operations.ts';
import { IDENTITY_PROVIDER_OPERATIONS } from './operations/identity-provider-operations.ts';
import { SIGN_IN_OPERATIONS } from './operations/sign-in-operations.ts';
import { USER_OPERATIONS } from './operations/user-operations.ts';
import { assertPoolSpecs, type PoolSpec } from './pool-spec.ts';
import type { InvokeTrigger } from './pre-token-trigger.ts';
import { SessionStore } from './session-store.ts';
import { adoptSigningKey } from './signing-key.ts';
import { TokenIssuer } from './token-issuer.ts';
import { type UserPool, UserPools } from './user-pool.ts';
import { UserStore } from './user-store.ts';
import { createUserTriggers } from './user-triggers.ts';
import { answerWellKnown } from './well-known.ts';

const TARGET_PREFIX = 'AWSCognitoIdentityProviderService.';
const TRIGGER_TIMEOUT_MS = 5_000;

const OPERATIONS: Readonly<Record<string, CognitoOperation>> = {
  ...ACCOUNT_OPERATIONS,
  ...SIGN_IN_OPERATIONS,
  ...USER_OPERATIONS,
  ...ADMIN_OPERATIONS,
  ...DESCRIBE_OPERATIONS,
  ...CLIENT_OPERATIONS,
  ...IDENTITY_PROVIDER_OPERATIONS,
};

export interface CognitoEngineOptions {
  /** Where `cognito.db` lies. */
  readonly dir: string;
  readonly pools: readonly PoolSpec[];
  /** Takes the codes and invitations. */
  readonly mail: Pick<MailEngine, 'send'>;
  readonly invokeTrigger: InvokeTrigger;
  /** The `iss` of tokens is this, a slash and the pool's id; without a trailing slash. */
  readonly issuerBase: string;
  /** The hosted pages' own address when it is not where they listen; `/oauth2/token` and the others lie under it. */
  readonly hostedUiUrl?: string;
  /** Shown where a code is asked for. */
  readonly inboxUrl?: string;
  readonly now?: () => number;
  readonly accountId?: string;
  readonly region?: string;
  readonly randomBytes?: (size: number) => Buffer;
  readonly randomUuid?: () => string;
  /** How long a trigger may take; 5,000 ms as in AWS. */
  readonly triggerTimeoutMs?: number;
  /** Told what AWS would do silently. */
  readonly warn?: (message: string) => void;
}

export interface CognitoEngine extends Engine {
  /** Whether a call carries its own proof (a client id, an access token) instead of a signature. */
  anonymous(request: AwsRequest): boolean;
  /** Serves the hosted pages and OAuth endpoints of every pool; the client id tells which. Port 0 takes a free one. */
  listenHostedUi(port: number): Promise<PageServer>;
  /** The answer to `/<poolId>/.well-known/…` under the issuer's address; undefined for any other path. */
  wellKnown(path: string): PageResponse | undefined;
}

function operationName(request: AwsRequest): string {
  const target = request.headers['x-amz-target'] ?? '';
  return target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
}

function findOperation(name: string): CognitoOperation {
  const found = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (found === undefined) throw new AwsError('UnknownOperationException', `Cognito here has no operation ${name}.`);
  return found;
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
}

async function openPool(database: DatabaseSync, given: PoolSpec, options: CognitoEngineOptions): Promise<UserPool> {
  const {
    now = Date.now,
    region = LOCAL_REGION,
    randomBytes = cryptoRandomBytes,
    randomUuid = randomUUID,
    triggerTimeoutMs = TRIGGER_TIMEOUT_MS,
    warn = console.warn,
    invokeTrigger,
  } = options;
  const spec = { ...given, clients: [...given.clients] };
  const issuer = `${options.issuerBase}/${spec.id}`;
  const key = await adoptSigningKey(database, spec.id);
  const users = new UserStore(database, spec.id, now);
  const providers = new IdentityProviderStore(database, spec.id, now);
  const sessions = new SessionStore(database, spec.id, now);
  return {
    spec,
    key,
    issuer,
    users,
    providers,
    askTrigger: createUserTriggers(spec, { region, invoke: invokeTrigger, timeoutMs: triggerTimeoutMs }),
    sessions,
    codes: new CodeStore(database, spec.id, now, randomBytes),
    flows: new FlowStore(database, spec.id, now, randomBytes),
    tokens: new TokenIssuer({
      spec,
      region,
      issuer,
      key,
      users,
      sessions,
      invokeTrigger,
      triggerTimeoutMs,
      now,
      randomUuid,
      randomBytes,
      warn,
    }),
    mail: options.mail,
    now,
    randomUuid,
    randomBytes,
  };
}

/**
 * Cognito user pools on this machine. Pools are those of the options; their users, sessions and keys persist by pool id.
 * @throws {Error} when the pools are malformed
 */
export async function createCognitoEngine(options: CognitoEngineOptions): Promise<CognitoEngine> {
  assertPoolSpecs(options.pools);
  const { accountId = LOCAL_ACCOUNT_ID, region = LOCAL_REGION } = options;
  const database = openDatabase(options.dir);
  const pools = new UserPools(await Promise.all(options.pools.map((spec) => openPool(database, spec, options))));
  const servers: PageServer[] = [];
  /** A pool that is not there has no tags. */
  const tagsOf = (poolId: string | undefined): Record<string, readonly string[]> => {
    const tags = options.pools.find(({ id }) => id === poolId)?.tags ?? {};
    return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, [value]]));
  };
  return {
    services: ['cognito-idp'],
    protocol: 'json',
    anonymous(request) {
      const name = operationName(request);
      return Object.hasOwn(OPERATIONS, name) && OPERATIONS[name]?.access !== 'administrator';
    },
    prepare(request) {
      const name = operationName(request);
      const { access, bind } = findOperation(name);
      const call = bind(parseBody(request.body));
      const resource = `arn:aws:cognito-idp:${region}:${accountId}:userpool/${call.poolId}`;
      return {
        name,
        requires:
          access === 'administrator' ? [{ action: `cognito-idp:${name}`, resource, context: tagsOf(call.poolId) }] : [],
        run: async () => ({ body: await call.run(pools) }),
      };
    },
    wellKnown: (path) => answerWellKnown(pools, options.hostedUiUrl ?? servers[0]?.url ?? options.issuerBase, path),
    async listenHostedUi(port) {
      const handle = createHostedUi(database, pools, options);
      const server = await servePages(port, handle);
      servers.push(server);
      return server;
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      database.close();
    },
  };
}
