import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EKSClient } from '@aws-sdk/client-eks';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  presignedRequest,
  type SignedRequest,
  send,
  signedRequest,
} from '@tenantry/local/gateway/testing/signed-request';
import type { Credentials } from '@tenantry/local/gateway/testing/test-cloud';

/** A call that no client makes: another service, an encoding of one's own, or a URL that is signed for somebody else. */
export interface RawCall {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Somebody with credentials, by every way to use them. */
export interface Caller {
  readonly dynamodb: DynamoDBClient;
  readonly document: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
  readonly lambda: LambdaClient;
  readonly states: SFNClient;
  readonly cognito: CognitoIdentityProviderClient;
  readonly eks: EKSClient;
  /** Signed in its headers. @returns the answer's text @throws as SDK clients do */
  raw(call: RawCall): Promise<string>;
  /** Signed in its URL. */
  presigned(call: RawCall): Promise<string>;
  close(): void;
}

export function createCaller(endpoint: string, credentials: Credentials): Caller {
  const options = { endpoint, region: 'us-east-1', maxAttempts: 1, credentials };
  const dynamodb = new DynamoDBClient(options);
  const clients = {
    dynamodb,
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }),
    sts: new STSClient(options),
    lambda: new LambdaClient(options),
    states: new SFNClient(options),
    cognito: new CognitoIdentityProviderClient(options),
    eks: new EKSClient(options),
  };
  return {
    ...clients,
    document: DynamoDBDocumentClient.from(dynamodb),
    raw: async (call) => answerTo(await signedRequest({ endpoint, credentials, ...call })),
    presigned: async (call) => answerTo(await presignedRequest({ endpoint, credentials, ...call, expiresIn: 60 })),
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

async function answerTo(request: SignedRequest): Promise<string> {
  const { status, code = String(status), text } = await send(request);
  if (status < 300) return text;
  throw Object.assign(new Error(text), { name: code, $metadata: { httpStatusCode: status } });
}
