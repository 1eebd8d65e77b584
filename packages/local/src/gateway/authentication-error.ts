import { AwsError, type AwsProtocol } from '../aws/engine.ts';

/** What can be wrong with a call's proof of who sends it. */
export type AuthenticationFailure =
  | 'missing'
  | 'incomplete'
  | 'unknownKey'
  | 'invalidToken'
  | 'expiredToken'
  | 'signature'
  | 'skew'
  | 'expiredUrl'
  | 'unsignedHeaders'
  | 'bodyHash';

/** Services word the same failure differently; SDKs go by the code, such as to correct their clock or to refresh. */
type Wording = readonly [code: string, status: number];

const json: Readonly<Record<AuthenticationFailure, Wording>> = {
  missing: ['MissingAuthenticationTokenException', 400],
  incomplete: ['IncompleteSignatureException', 400],
  unknownKey: ['UnrecognizedClientException', 400],
  invalidToken: ['UnrecognizedClientException', 400],
  expiredToken: ['ExpiredTokenException', 400],
  signature: ['InvalidSignatureException', 400],
  skew: ['InvalidSignatureException', 400],
  expiredUrl: ['InvalidSignatureException', 400],
  unsignedHeaders: ['InvalidSignatureException', 400],
  bodyHash: ['InvalidSignatureException', 400],
};

const forbidden = (wording: typeof json): typeof json => ({
  missing: [wording.missing[0], 403],
  incomplete: wording.incomplete,
  unknownKey: [wording.unknownKey[0], 403],
  invalidToken: [wording.invalidToken[0], 403],
  expiredToken: [wording.expiredToken[0], 403],
  signature: [wording.signature[0], 403],
  skew: [wording.skew[0], 403],
  expiredUrl: [wording.expiredUrl[0], 403],
  unsignedHeaders: [wording.unsignedHeaders[0], 403],
  bodyHash: [wording.bodyHash[0], 403],
});

const wordings: Readonly<Record<AwsProtocol, Readonly<Record<AuthenticationFailure, Wording>>>> = {
  json,
  'rest-json': forbidden(json),
  query: {
    missing: ['MissingAuthenticationToken', 403],
    incomplete: ['IncompleteSignature', 400],
    unknownKey: ['InvalidClientTokenId', 403],
    invalidToken: ['InvalidClientTokenId', 403],
    expiredToken: ['ExpiredToken', 403],
    signature: ['SignatureDoesNotMatch', 403],
    skew: ['SignatureDoesNotMatch', 403],
    expiredUrl: ['SignatureDoesNotMatch', 403],
    unsignedHeaders: ['SignatureDoesNotMatch', 403],
    bodyHash: ['SignatureDoesNotMatch', 403],
  },
  'rest-xml': {
    missing: ['AccessDenied', 403],
    incomplete: ['AuthorizationHeaderMalformed', 400],
    unknownKey: ['InvalidAccessKeyId', 403],
    invalidToken: ['InvalidToken', 400],
    expiredToken: ['ExpiredToken', 400],
    signature: ['SignatureDoesNotMatch', 403],
    skew: ['RequestTimeTooSkewed', 403],
    expiredUrl: ['AccessDenied', 403],
    unsignedHeaders: ['AccessDenied', 403],
    bodyHash: ['XAmzContentSHA256Mismatch', 400],
  },
};

const messages: Readonly<Record<AuthenticationFailure, string>> = {
  missing: 'Missing Authentication Token',
  incomplete: 'The authorization of the request is malformed.',
  unknownKey: 'The security token included in the request is invalid.',
  invalidToken: 'The security token included in the request is invalid.',
  expiredToken: 'The security token included in the request is expired',
  signature:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  skew: "The difference between the request's time and the current time is too large.",
  expiredUrl: 'Request has expired',
  unsignedHeaders: 'There were headers present in the request which were not signed',
  bodyHash: 'The provided x-amz-content-sha256 does not match what was computed.',
};

/** Thrown before a protocol is known to word it in. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';
  readonly failure: AuthenticationFailure;

  constructor(failure: AuthenticationFailure, detail?: string) {
    super(detail ?? messages[failure]);
    this.failure = failure;
  }
}

/** The failure as the services of a protocol word it. */
export function inProtocol(error: AuthenticationError, protocol: AwsProtocol): AwsError {
  const [code, status] = wordings[protocol][error.failure];
  return new AwsError(code, error.message, status);
}
