import { AwsError } from '../aws/engine.ts';

export function notAuthorized(message: string): AwsError {
  return new AwsError('NotAuthorizedException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function userNotFound(): AwsError {
  return new AwsError('UserNotFoundException', 'User does not exist.');
}

export function codeMismatch(): AwsError {
  return new AwsError('CodeMismatchException', 'Invalid verification code provided, please try again.');
}

export function codeExpired(): AwsError {
  return new AwsError('ExpiredCodeException', 'Invalid code provided, please request a code again.');
}

export function limitExceeded(): AwsError {
  return new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
}

/** What a wrong password and, where existence is hidden, a wrong user name both give. */
export function incorrectCredentials(): AwsError {
  return notAuthorized('Incorrect username or password.');
}

/** Whether it is an AWS error with this code. */
export function hasCode(error: unknown, code: string): error is AwsError {
  return error instanceof AwsError && error.code === code;
}
