import { isIP } from 'node:net';
import { DomainError } from '../errors/domain-error.ts';
import { isLoopback, isPublicAddress } from './address.ts';

/** Where events may be sent. */
export interface TargetRules {
  /** Set on a developer's machine alone: receivers there have neither a certificate nor a public address. */
  readonly allowsOwnMachine: boolean;
}

export const targetRulesOf = (stage: string): TargetRules => ({ allowsOwnMachine: stage === 'local' });

export const mayReach = (address: string, { allowsOwnMachine }: TargetRules): boolean =>
  isPublicAddress(address) || (allowsOwnMachine && isLoopback(address));

/** The host of a URL as a connection takes it, without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** Why nothing may be sent to a URL; undefined when it may, as far as that can be told without asking where its name leads. */
export function refusalOf(url: URL, rules: TargetRules): string | undefined {
  const host = hostOf(url);
  const own = rules.allowsOwnMachine && (isLoopback(host) || host === 'localhost');
  if (url.protocol !== 'https:' && !(own && url.protocol === 'http:')) return 'must begin with https://';
  if (url.username || url.password) return 'must not hold a user or a password';
  if (url.hash) return 'must not hold a fragment';
  if (isIP(host) ? !mayReach(host, rules) : !host.includes('.') && !own) return 'must lead to a public address';
  return undefined;
}

/** @throws {DomainError} `invalid_request` naming `url` */
export function parseTarget(text: string, rules: TargetRules): string {
  const url = URL.parse(text);
  const refusal = url ? refusalOf(url, rules) : 'must be a URL';
  if (url && !refusal) return url.href;
  const message = refusal ?? 'must be a URL';
  throw new DomainError('invalid_request', `url: ${message}.`, { fields: [{ field: 'url', message }] });
}
