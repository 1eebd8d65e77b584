import type { AwsError, AwsProtocol, AwsResponse } from '../aws/engine.ts';

/** An answer as it goes over the wire. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What the shape of an answer depends on. */
export interface WireContext {
  readonly protocol: AwsProtocol;
  readonly requestId: string;
  /** The request's content type, whose version of AWS's JSON protocol the answer repeats. */
  readonly contentType: string | undefined;
}

export function renderResponse(response: AwsResponse, context: WireContext): WireResponse {
  const { status = 200, headers = {}, body = '' } = response;
  const bare = typeof body === 'string' || body instanceof Uint8Array;
  return {
    status,
    headers: {
      ...identify(context),
      ...(bare ? {} : { 'content-type': jsonType(context) }),
      ...headers,
    },
    body: bare ? body : JSON.stringify(body),
  };
}

/** The error as SDKs of the protocol's services expect it. */
export function renderError(error: AwsError, context: WireContext): WireResponse {
  const { code, status, message, details } = error;
  const headers = identify(context);
  switch (context.protocol) {
    case 'json':
      return {
        status,
        headers: { ...headers, 'content-type': jsonType(context) },
        body: JSON.stringify({ __type: code, message, ...details }),
      };
    case 'rest-json':
      return {
        status,
        headers: { ...headers, 'content-type': jsonType(context), 'x-amzn-errortype': code },
        body: JSON.stringify({ message, ...details }),
      };
    case 'query': {
      const type = status < 500 ? 'Sender' : 'Receiver';
      const fields = elements({ Type: type, Code: code, Message: message, ...details });
      return {
        status,
        headers: { ...headers, 'content-type': 'text/xml' },
        body: `<ErrorResponse><Error>${fields}</Error>${elements({ RequestId: context.requestId })}</ErrorResponse>`,
      };
    }
    case 'rest-xml': {
      const fields = elements({ Code: code, Message: message, ...details, RequestId: context.requestId });
      return {
        status,
        headers: { ...headers, 'content-type': 'application/xml' },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields}</Error>`,
      };
    }
  }
}

function identify({ protocol, requestId }: WireContext): Record<string, string> {
  return protocol === 'rest-xml'
    ? { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
    : { 'x-amzn-requestid': requestId };
}

function jsonType({ protocol, contentType }: WireContext): string {
  if (protocol !== 'json') return 'application/json';
  return contentType === 'application/x-amz-json-1.1' ? contentType : 'application/x-amz-json-1.0';
}

function elements(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
