import { type AwsRequest, LOCAL_REGION } from '../aws/engine.ts';
import { type Authorization, signatureParameters } from './authorization.ts';
import type { HttpRequest } from './http-request.ts';

/** Proofs of the caller, which no engine needs to see. */
const credentials = new Set(['authorization', 'x-amz-security-token']);

/** Of a URL presigned by an SDK, which has no body to compute them of. */
const ofNoBody = /^x-amz-(checksum-.*|sdk-checksum-algorithm)$/;

/** The call as engines see it: without what was about its signature. */
export function awsRequest(
  http: HttpRequest,
  body: Buffer,
  call: { readonly authorization?: Authorization; readonly service: string; readonly requestId: string },
): AwsRequest {
  const { authorization, service, requestId } = call;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(http.headers)) if (!credentials.has(name)) headers[name] = value;
  const query = new URLSearchParams();
  for (const [name, value] of http.query) {
    const lower = name.toLowerCase();
    if (!authorization?.presigned) query.append(name, value);
    else if (signatureParameters.has(name) || ofNoBody.test(lower)) continue;
    // Presigning moves headers into the URL; there they mean the same.
    else if (lower.startsWith('x-amz-')) headers[lower] ??= value;
    else query.append(name, value);
  }
  return { service, region: LOCAL_REGION, method: http.method, path: http.path, query, headers, body, requestId };
}
