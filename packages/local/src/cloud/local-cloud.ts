import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { syncCatalogue } from '@tenantry/core/billing/catalogue-sync';
import { createStripeClient } from '@tenantry/core/billing/stripe-client';
import { edgeRequestSource } from '@tenantry/core/contract/edge-request';
import { securityHeaders } from '@tenantry/core/contract/security-headers';
import { createHttpApi } from '../apigateway/http-api.ts';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../aws/engine.ts';
import { createCognitoEngine } from '../cognito/engine.ts';
import { FEDERATION_PATH, SAML_PATH } from '../cognito/hosted/federation.ts';
import { startDns } from '../dns/dns-server.ts';
import { createDynamoDbEngine } from '../dynamodb/engine.ts';
import { createEdge } from '../edge/edge.ts';
import type { SiteHandler } from '../edge/static-site.ts';
import { createEksEngine } from '../eks/engine.ts';
import { createGateway } from '../gateway/gateway.ts';
import { createIamEngine } from '../iam/engine.ts';
import { createIam } from '../iam/iam.ts';
import { startIdentityProvider } from '../identity-provider/server.ts';
import { createLambdaEngine } from '../lambda/engine.ts';
import type { PoolLimits } from '../lambda/pool.ts';
import { writeUses } from '../least-privilege/recorded-uses.ts';
import { createUseLog } from '../least-privilege/use-log.ts';
import { createLogStore } from '../logs/log-store.ts';
import { createMailEngine } from '../mail/engine.ts';
import { listenIndex } from '../pages/index-server.ts';
import { createFunctionBundler } from '../program/bundle.ts';
import { createKeptBundler } from '../program/bundle-cache.ts';
import type { ResourceGraph } from '../program/graph.ts';
import { createS3Engine } from '../s3/engine.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import { createServiceQuotasEngine } from '../service-quotas/engine.ts';
import { createSqsEngine } from '../sqs/engine.ts';
import { createStepFunctionsEngine } from '../stepfunctions/engine.ts';
import { createLocalStripe } from '../stripe/server.ts';
import { createSts } from '../sts/sts.ts';
import { createCallLog } from './call-log.ts';
import { startCluster } from './cluster.ts';
import { indexModel } from './index-model.ts';
import type { Ports } from './ports.ts';
import { loadProgram } from './program.ts';
import { accountQuotas } from './quotas.ts';
import { actingRoles, bucketPolicies, roleSpecs } from './roles.ts';
import { localSecrets } from './secrets.ts';
import {
  bucketNames,
  clusterSpecs,
  functionSpecs,
  machineSpecs,
  mailIdentities,
  mappingSpecs,
  poolSpecs,
  queueSpecs,
  routeSpecs,
  scheduleSpecs,
  tableSpecs,
} from './specs.ts';

export interface LocalCloudOptions {
  /** The project's root. */
  readonly root: string;
  /** Where state persists, such as `.local`. */
  readonly dir: string;
  readonly ports: Ports;
  /** What serves the web site; by default nothing but a note. */
  readonly site?: (build: SiteBuild) => Promise<RunningSite>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where the uses of grants are written at the end, as the tests of least privilege read them; nowhere unless given. */
  readonly usesDir?: string | undefined;
  /** Shortens what state machines wait for, for tests that cannot wait: see the engine's option. */
  readonly waitScale?: number;
  /** Environments of functions; by default as many as suit a laptop. */
  readonly lambdaLimits?: Partial<PoolLimits>;
  /** Where functions' bundles are kept from one start to the next, for clouds that are started often; nowhere unless given. */
  readonly bundleCacheDir?: string;
  /** Told of each step of the start, for people who wait. */
  readonly onProgress?: (step: string) => void;
}

/** What the site's build needs to know of the stage. */
export interface SiteBuild {
  readonly VITE_HOSTED_LOGIN_URL: string;
  readonly VITE_CLIENT_ID: string;
  readonly VITE_SITE_URL: string;
}

export interface RunningSite {
  readonly handler: SiteHandler;
  close(): Promise<void>;
}

export interface LocalCloudUrls {
  readonly site: string;
  readonly aws: string;
  readonly login: string;
  readonly stripe: string | null;
  readonly kubernetes: string | null;
  readonly inbox: string;
  readonly index: string;
  /** An identity provider that companies can sign in with here, and the records of the local DNS. */
  readonly identity: string;
}

export type LocalCloud = Awaited<ReturnType<typeof startLocalCloud>>;

/** What a function that failed said. */
const messageOf = (payload: unknown): string =>
  payload !== null && typeof payload === 'object' && 'errorMessage' in payload
    ? String(payload.errorMessage)
    : JSON.stringify(payload);

/**
 * Evaluates the infrastructure program, makes what it declares in local engines, and runs it. Nothing of the system is described
 * here a second time: tables, routes, roles, functions and machines all come from the program.
 */
export async function startLocalCloud(options: LocalCloudOptions) {
  const { root, dir, ports, environment = process.env, onProgress = () => {} } = options;
  mkdirSync(dir, { recursive: true });
  const url = (name: keyof Ports): string => `http://localhost:${ports[name]}`;
  const awsEndpoint = `http://127.0.0.1:${ports.aws}`;
  const closers: (() => Promise<void> | void)[] = [];
  const { secrets, realStripe } = localSecrets(dir, environment);

  onProgress('evaluating the infrastructure program');
  const graph: ResourceGraph = await loadProgram({ root, siteUrl: url('site'), secrets });

  onProgress('bundling the functions');
  const bundling = { root, graph, outDir: join(dir, 'functions') };
  const bundler = options.bundleCacheDir
    ? await createKeptBundler({ ...bundling, cacheDir: options.bundleCacheDir })
    : await createFunctionBundler(bundling);
  closers.push(() => bundler.close());
  const elsewhere = (own: Readonly<Record<string, string>>): Record<string, string> => ({
    ...('STRIPE_SECRET_KEY' in own && !realStripe ? { STRIPE_API_BASE: `http://127.0.0.1:${ports.stripe}` } : {}),
    ...Object.fromEntries(
      Object.entries(own)
        .filter(([name]) => name.endsWith('_QUEUE_URL'))
        .map(([name, value]) => [name, value.replace(/^https:\/\/sqs\.[^/]+/, awsEndpoint)]),
    ),
    ...('LOGIN_URL' in own ? { LOGIN_URL: url('login') } : {}),
    ...('DOMAIN_RECORD' in own ? { DNS_SERVER: `127.0.0.1:${ports.identity}`, TRUSTED_PROVIDER: url('identity') } : {}),
    ...('MODELS_BUCKET' in own ? { MODEL_CHECK_SECONDS: '1' } : {}),
    ...(own.TOKEN_ISSUER
      ? { TOKEN_JWKS_URL: `${url('login')}/${own.TOKEN_ISSUER.split('/').at(-1)}/.well-known/jwks.json` }
      : {}),
  });
  const functions = functionSpecs(graph, await bundler.build(), elsewhere);

  onProgress('starting the engines');
  const account = { accountId: LOCAL_ACCOUNT_ID, region: LOCAL_REGION };
  const endpoint = () => awsEndpoint;
  const calls = createCallLog();
  const useLog = options.usesDir === undefined ? undefined : createUseLog(actingRoles(graph));
  const iam = createIam({ roles: roleSpecs(graph), resourcePolicies: bucketPolicies(graph) });
  const sts = createSts({ iam, dir });
  const { assumeRoleForService } = sts;
  const logs = createLogStore({ dir });
  const mail = createMailEngine({ dir, identities: mailIdentities(graph) });
  const dynamodb = await createDynamoDbEngine({ dir, ...account, onStreamRecords: (arn) => lambda.wake(arn) });
  const s3 = await createS3Engine({ dir: join(dir, 's3'), ...account });
  const sqs = await createSqsEngine({ dir, ...account, endpoint });
  for (const table of tableSpecs(graph)) await dynamodb.ensureTable(table);
  for (const bucket of bucketNames(graph)) s3.ensureBucket(bucket);
  for (const queue of queueSpecs(graph)) sqs.ensureQueue(queue);
  const lambda = await createLambdaEngine({
    dir,
    ...account,
    functions,
    assumeRoleForService,
    endpoint,
    logs,
    limits: options.lambdaLimits ?? {},
  });
  const machines = machineSpecs(graph);
  const stepfunctions = await createStepFunctionsEngine({
    dir,
    ...account,
    assumeRoleForService,
    endpoint,
    machines,
    waitScale: options.waitScale ?? 1,
  });
  const eks = createEksEngine({ dir, clusters: clusterSpecs(graph), assumeRoleForService });
  const serviceQuotas = createServiceQuotasEngine({ ...account, quotas: accountQuotas });
  const invokeTrigger = async (arn: string, event: object): Promise<unknown> => {
    const { payload, functionError } = await lambda.invoke(arn, event);
    if (functionError) throw new Error(messageOf(payload));
    return payload;
  };
  const cognito = await createCognitoEngine({
    dir,
    ...account,
    pools: poolSpecs(graph),
    mail,
    invokeTrigger,
    issuerBase: `https://cognito-idp.${LOCAL_REGION}.amazonaws.com`,
    hostedUiUrl: url('login'),
    inboxUrl: url('inbox'),
  });
  for (const queue of queueSpecs(graph)) sqs.onMessage(queue.arn, () => lambda.wake(queue.arn));

  const gateway = createGateway({
    engines: [
      sts.engine,
      createIamEngine(),
      dynamodb,
      s3,
      sqs,
      lambda,
      stepfunctions,
      eks,
      cognito,
      mail,
      serviceQuotas,
    ],
    iam,
    sts,
    onCall(record) {
      calls.add(record);
      useLog?.add(record);
    },
  });
  await gateway.listen(ports.aws);
  closers.push(() => gateway.close());

  onProgress('starting what listens');
  await cognito.listenHostedUi(ports.login);
  await mail.listenInbox(ports.inbox);
  const dns = await startDns(dir, ports.identity);
  closers.push(() => dns.close());
  const provider = await startIdentityProvider({
    port: ports.identity,
    redirectUris: [`${url('login')}${FEDERATION_PATH}`],
    acsUrls: [`${url('login')}${SAML_PATH}`],
    dns,
  });
  closers.push(() => provider.close());
  const stripe = realStripe
    ? undefined
    : createLocalStripe({
        dir,
        secretKey: secrets.StripeSecretKey,
        webhookSecret: secrets.StripeWebhookSecret,
        baseUrl: url('stripe'),
        endpoints: [{ url: `http://127.0.0.1:${ports.site}/webhooks/stripe` }],
      });
  if (stripe) {
    await stripe.listen(ports.stripe);
    closers.push(() => stripe.close());
  }

  const client = poolSpecs(graph)[0]?.clients[0];
  const site = await options.site?.({
    VITE_HOSTED_LOGIN_URL: url('login'),
    VITE_CLIENT_ID: client?.id ?? '',
    VITE_SITE_URL: url('site'),
  });
  const api = createHttpApi({
    ...account,
    routes: routeSpecs(graph),
    invoke: (arn, payload) => lambda.invoke(arn, payload),
    domainName: `localhost:${ports.site}`,
  });
  const note: SiteHandler = (_, response) => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('This instance runs without the web site.\n');
  };
  const edge = createEdge({
    api: (request, response) => api.handle(request, response),
    site: site?.handler ?? note,
    requestFunction: edgeRequestSource,
    headers: securityHeaders,
  });
  await edge.listen(ports.site);

  const kubernetes = await startCluster({ root, graph, dir, ports, eks, awsEndpoint, logs, environment });
  const scheduler = createScheduler({
    dir,
    endpoint,
    assumeRoleForService,
    invoke: async (arn, payload) => lambda.invokeLater(arn, payload),
    schedules: scheduleSpecs(graph),
  });
  lambda.declareEventSourceMappings(mappingSpecs(graph));
  lambda.start();
  stepfunctions.start();
  scheduler.start();

  // The catalogue is brought to Stripe as a deployment would, by the same code.
  await syncCatalogue(
    createStripeClient(secrets.StripeSecretKey, realStripe ? undefined : `http://127.0.0.1:${ports.stripe}`),
  );

  const urls: LocalCloudUrls = {
    site: url('site'),
    aws: awsEndpoint,
    login: url('login'),
    stripe: realStripe ? null : url('stripe'),
    kubernetes: kubernetes?.url ?? null,
    inbox: url('inbox'),
    index: url('index'),
    identity: url('identity'),
  };
  const index = await listenIndex(
    ports.index,
    indexModel({ urls, dynamodb, stepfunctions, lambda, logs, scheduler, calls, kubernetes }),
  );

  return {
    urls,
    graph,
    /** The account's own credentials, for tools of the developer. */
    rootCredentials: sts.issueRootCredentials(),
    assumeRoleForService,
    calls,
    logs,
    lambda,
    dynamodb,
    kubernetes,
    eks,
    serviceQuotas,
    bundler,
    mail,
    dns,
    scheduler,
    client,
    /** Builds the functions again and swaps those that changed. */
    async reloadFunctions(): Promise<void> {
      await lambda.reload(functionSpecs(graph, await bundler.build(), elsewhere));
      api.resetAuthorizers();
    },
    async close(): Promise<void> {
      await index.close();
      await scheduler.close();
      await edge.close();
      await site?.close();
      await kubernetes?.close();
      // What functions still do needs the gateway, and a task under way must be run again rather than fail.
      await stepfunctions.close();
      await lambda.close();
      for (const close of closers.reverse()) await close();
      await Promise.all([sqs.close(), dynamodb.close(), s3.close(), eks.close(), cognito.close(), mail.close()]);
      logs.close();
      if (options.usesDir && useLog) writeUses(options.usesDir, useLog.uses());
    },
  };
}
