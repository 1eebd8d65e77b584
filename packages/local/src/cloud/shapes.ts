import * as z from 'zod';

/** The inputs of the program's resources, as far as the local engines make something of them. */

const count = z.coerce.number().int();

export const tableShape = z.object({
  name: z.string(),
  attributes: z.array(z.object({ name: z.string(), type: z.enum(['S', 'N', 'B']) })),
  hashKey: z.string(),
  rangeKey: z.string().optional(),
  globalSecondaryIndexes: z
    .array(
      z.object({
        name: z.string(),
        hashKey: z.string(),
        rangeKey: z.string().optional(),
        projectionType: z.enum(['ALL', 'KEYS_ONLY']),
      }),
    )
    .default([]),
  streamEnabled: z.boolean().default(false),
  streamViewType: z.enum(['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY']).optional(),
  ttl: z.object({ attributeName: z.string(), enabled: z.boolean() }).optional(),
  pointInTimeRecovery: z.object({ enabled: z.boolean() }).default({ enabled: false }),
  deletionProtectionEnabled: z.boolean().default(false),
});

const redriveShape = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: count });

export const queueShape = z.object({
  name: z.string(),
  visibilityTimeoutSeconds: count.optional(),
  delaySeconds: count.optional(),
  messageRetentionSeconds: count.optional(),
  fifoQueue: z.boolean().default(false),
  contentBasedDeduplication: z.boolean().default(false),
  redrivePolicy: z
    .string()
    .transform((text) => redriveShape.parse(JSON.parse(text)))
    .optional(),
});

const mailTemplateShape = z
  .object({ emailSubject: z.string(), emailMessage: z.string() })
  .transform(({ emailSubject: subject, emailMessage: html }) => ({ subject, html }));

export const poolShape = z.object({
  name: z.string(),
  passwordPolicy: z.object({
    minimumLength: count,
    requireLowercase: z.boolean(),
    requireUppercase: z.boolean(),
    requireNumbers: z.boolean(),
    requireSymbols: z.boolean(),
    temporaryPasswordValidityDays: count.default(7),
  }),
  tags: z.record(z.string(), z.string()).default({}),
  mfaConfiguration: z.enum(['OFF', 'OPTIONAL', 'ON']).default('OFF'),
  usernameAttributes: z.tuple([z.literal('email')]),
  adminCreateUserConfig: z
    .object({ allowAdminCreateUserOnly: z.boolean(), inviteMessageTemplate: mailTemplateShape.optional() })
    .optional(),
  verificationMessageTemplate: mailTemplateShape.optional(),
  lambdaConfig: z
    .strictObject({
      preSignUp: z.string().optional(),
      preAuthentication: z.string().optional(),
      preTokenGenerationConfig: z.object({ lambdaArn: z.string(), lambdaVersion: z.enum(['V2_0', 'V3_0']) }).optional(),
    })
    .optional(),
});

export const clientShape = z.object({
  name: z.string(),
  generateSecret: z.literal(false),
  callbackUrls: z.array(z.string()),
  logoutUrls: z.array(z.string()),
  allowedOauthFlows: z.tuple([z.literal('code')]),
  allowedOauthScopes: z.array(z.string()),
  explicitAuthFlows: z.array(z.string()),
  accessTokenValidity: count,
  idTokenValidity: count,
  refreshTokenValidity: count,
  tokenValidityUnits: z.object({ accessToken: z.string(), idToken: z.string(), refreshToken: z.string() }),
  writeAttributes: z.array(z.string()),
  preventUserExistenceErrors: z.string().optional(),
});

export const machineShape = z.object({ name: z.string(), definition: z.string(), roleArn: z.string() });

export const mappingShape = z.object({
  eventSourceArn: z.string(),
  functionName: z.string(),
  batchSize: count.optional(),
  maximumBatchingWindowInSeconds: count.optional(),
  startingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  functionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
  bisectBatchOnFunctionError: z.boolean().optional(),
  maximumRetryAttempts: count.optional(),
  parallelizationFactor: count.optional(),
  destinationConfig: z.object({ onFailure: z.object({ destinationArn: z.string() }) }).optional(),
});

export const clusterShape = z.object({ name: z.string(), roleArn: z.string(), version: z.string() });

export const scheduleShape = z.object({
  name: z.string(),
  scheduleExpression: z.string(),
  scheduleExpressionTimezone: z.string().optional(),
  state: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  target: z.object({ arn: z.string(), roleArn: z.string(), input: z.string().optional() }),
});
