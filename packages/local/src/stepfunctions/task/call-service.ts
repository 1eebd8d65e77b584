import { CallError } from '../../lambda/signed-call.ts';
import type { JsonService, TaskResource } from '../definition/resource.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { TaskError } from './task-error.ts';

export type ServiceCall = (target: string, service: string, body: object) => Promise<Record<string, unknown>>;

/** Errors that AWS's own SDK, on which Step Functions is built, knows for no service by name. */
const unmodelled = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InternalFailure',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'ValidationException',
]);

/** @throws {TaskError} */
export async function callService(
  call: ServiceCall,
  { service, action }: TaskResource & { readonly kind: 'service' },
  given: Json,
): Promise<JsonObject> {
  if (!isObject(given)) throw new TaskError('States.Runtime', `The arguments of ${action} must be an object.`);
  const operation = capital(action);
  const body = service.signingName === 'events' ? withEntries(service, given) : withTexts(service, given);
  const answer = await callNamed(call, service, operation, rename(body, service.members === 'camel' ? small : keep));
  if (service.signingName === 'events' && Number(answer.FailedEntryCount) > 0) {
    throw new TaskError('EventBridge.FailedEntry', JSON.stringify(answer));
  }
  return rename(answer, capital);
}

/** @throws {TaskError} with the name that Step Functions gives to the service's error. */
export async function callNamed(
  call: ServiceCall,
  service: JsonService,
  operation: string,
  body: object,
): Promise<JsonObject> {
  try {
    return (await call(`${service.target}.${operation}`, service.signingName, body)) as JsonObject;
  } catch (error) {
    if (error instanceof TaskError) throw error;
    if (error instanceof CallError) throw new TaskError(errorName(service, error.code), error.message);
    throw new TaskError(service.otherError, error instanceof Error ? error.message : String(error));
  }
}

function errorName({ errorPrefix, otherError }: JsonService, code: string): string {
  if (code === '' || unmodelled.has(code)) return otherError;
  return `${errorPrefix}.${code.endsWith('Exception') ? code : `${code}Exception`}`;
}

function withTexts(service: JsonService, given: JsonObject): JsonObject {
  const entries = Object.entries(given).map(([name, value]): [string, Json] => [
    name,
    service.jsonMembers.includes(name) && typeof value !== 'string' ? JSON.stringify(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function withEntries(service: JsonService, given: JsonObject): JsonObject {
  const { Entries: entries } = given;
  if (!Array.isArray(entries)) throw new TaskError('States.Runtime', 'The arguments of putEvents need Entries.');
  return { ...given, Entries: entries.map((entry: Json) => (isObject(entry) ? withTexts(service, entry) : entry)) };
}

function rename(value: JsonObject, change: (name: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [change(name), member]));
}

const keep = (name: string): string => name;
const small = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
