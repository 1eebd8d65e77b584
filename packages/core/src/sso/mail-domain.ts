import * as z from 'zod';
import { publicMailDomains } from './public-mail-domains.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const isName = (domain: string): boolean => {
  const labels = domain.split('.');
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
};

/** A domain of mail addresses that a company may claim, in lower case. */
export const mailDomainSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(253, 'must have at most 253 characters')
  .refine(isName, 'must be a domain, such as example.com')
  .refine((domain) => !publicMailDomains.has(domain), 'is a public mail service, which nobody can claim');

/** The domain of a mail address, in lower case; undefined where there is none. */
export function domainOf(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1).toLowerCase();
  return at > 0 && isName(domain) ? domain : undefined;
}

/** Where the text record of a claim is looked for. @param label of the stage: `_tenantry-verification` */
export const recordNameOf = (label: string, domain: string): string => `${label}.${domain}`;
