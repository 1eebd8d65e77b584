import { devNull } from 'node:os';
import type { TemporaryCredentials } from '../aws/engine.ts';
import type { FunctionSpec } from './function-spec.ts';

/**
 * The whole environment of a function: its own variables and those that Lambda sets, and nothing of this process's,
 * so that a developer's own AWS credentials can never be picked up by a function.
 */
export function environmentVariables(input: {
  readonly spec: FunctionSpec;
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: TemporaryCredentials;
  readonly logStream: string;
}): Record<string, string> {
  const { spec, region, endpoint, credentials, logStream } = input;
  return {
    ...spec.environment,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    _HANDLER: spec.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    // The home directory is found without the environment, so the developer's ~/.aws is closed off by name.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}
