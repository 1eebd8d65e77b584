import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { createMailEngine, type MailEngine } from '../../mail/engine.ts';
import type { PageServer } from '../../mail/page-server.ts';
import { type CognitoEngine, type CognitoEngineOptions, createCognitoEngine } from '../engine.ts';
import { HostedUiVisitor } from '../hosted/visitor.ts';
import type { ClientSpec, PoolSpec } from '../pool-spec.ts';
import type { InvokeTrigger } from '../pre-token-trigger.ts';
import { serveUnsigned, type UnsignedGateway } from './unsigned-gateway.ts';

export const POOL_ID = 'us-east-1_Test12345';
export const CLIENT_ID = 'client1234567890';
export const PASSWORD = 'Correct-horse-1';
export const REDIRECT_URI = 'http://localhost:5173/callback';

const CLIENT: ClientSpec = {
  id: CLIENT_ID,
  name: 'console',
  callbackUrls: [REDIRECT_URI, 'http://localhost:5173/other'],
  logoutUrls: ['http://localhost:5173/'],
  scopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
  authFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  accessTokenMinutes: 60,
  idTokenMinutes: 30,
  refreshTokenDays: 30,
};

const POOL: PoolSpec = {
  id: POOL_ID,
  arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${POOL_ID}`,
  name: 'users',
  passwordPolicy: {
    minimumLength: 10,
    requireLowercase: true,
    requireUppercase: true,
    requireNumbers: true,
    requireSymbols: false,
  },
  mfa: 'OPTIONAL',
  groups: [
    { name: 'support', precedence: 2 },
    { name: 'operators', precedence: 1 },
  ],
  clients: [CLIENT],
  domainPrefix: 'tenantry-test',
  tags: { stage: 'test' },
};

export interface LabOptions {
  /** One that another lab left; a fresh one when not given. */
  readonly dir?: string;
  readonly pool?: Partial<PoolSpec>;
  readonly client?: Partial<ClientSpec>;
  /** Further clients, which differ from the first in what is given. */
  readonly extraClients?: readonly Partial<ClientSpec>[];
  readonly invokeTrigger?: InvokeTrigger;
  readonly engine?: Partial<CognitoEngineOptions>;
}

/** A pool at work over HTTP, with its own clock, mail and hosted pages. */
export class Lab {
  readonly dir: string;
  readonly warnings: string[] = [];
  readonly options: LabOptions;
  /** The engine's clock, in ms; tests move it. */
  now = Date.parse('2026-03-02T09:00:00Z');
  // Set by start(), which every way to a Lab goes through.
  declare engine: CognitoEngine;
  declare mail: MailEngine;
  declare gateway: UnsignedGateway;
  declare hosted: PageServer;
  declare sdk: CognitoIdentityProviderClient;

  private constructor(options: LabOptions) {
    this.options = options;
    this.dir = options.dir ?? mkdtempSync(join(tmpdir(), 'cognito-'));
  }

  static async open(options: LabOptions = {}): Promise<Lab> {
    const lab = new Lab(options);
    await lab.start();
    return lab;
  }

  async start(): Promise<void> {
    const { pool, client, extraClients = [], invokeTrigger, engine } = this.options;
    const now = () => this.now;
    this.mail = createMailEngine({ dir: this.dir, now });
    this.engine = await createCognitoEngine({
      dir: this.dir,
      now,
      mail: this.mail,
      pools: [{ ...POOL, clients: [client, ...extraClients].map((changes) => ({ ...CLIENT, ...changes })), ...pool }],
      invokeTrigger: invokeTrigger ?? (async (_arn, event) => event),
      issuerBase: 'http://localhost:4500/cognito',
      inboxUrl: 'http://localhost:4599',
      warn: (message) => this.warnings.push(message),
      ...engine,
    });
    this.gateway = await serveUnsigned(this.engine);
    this.hosted = await this.engine.listenHostedUi(0);
    this.sdk = new CognitoIdentityProviderClient({
      endpoint: this.gateway.url,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    });
  }

  async stop(): Promise<void> {
    this.sdk.destroy();
    await this.gateway.close();
    await this.engine.close();
    await this.mail.close();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.dir, { recursive: true });
  }

  visitor(options: { readonly language?: 'en' | 'ko'; readonly scopes?: readonly string[] } = {}): HostedUiVisitor {
    return new HostedUiVisitor({
      hostedUiUrl: this.hosted.url,
      clientId: CLIENT_ID,
      redirectUri: REDIRECT_URI,
      ...options,
    });
  }

  /** The code of the newest mail to an address. */
  code(email: string): string {
    return /\b\d{6}\b/.exec(this.mail.messages({ to: email })[0]?.text ?? '')?.[0] ?? '';
  }
}

/** The claims of a token, not verified. */
export function claimsOf(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}
