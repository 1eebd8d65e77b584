import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domainOf, mailDomainSchema } from './mail-domain.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const domain = fc.tuple(label, fc.stringMatching(/^[a-z]{2,10}$/)).map((labels) => `${labels.join('.')}.test`);

describe('a mail domain', () => {
  it('is the same however its letters are written', () => {
    fc.assert(
      fc.property(domain, (name) => {
        expect(mailDomainSchema.parse(` ${name.toUpperCase()} `)).toBe(name);
        expect(domainOf(`Somebody@${name.toUpperCase()}`)).toBe(name);
      }),
    );
  });

  it('is what stands behind the last @, so that nothing before it can pretend to be one', () => {
    fc.assert(
      fc.property(domain, domain, (real, pretended) => {
        expect(domainOf(`"x@${pretended}"@${real}`)).toBe(real);
        expect(domainOf(`x@${pretended}@${real}`)).toBe(real);
      }),
    );
  });

  it('is no service that gives addresses to anybody, no machine and no single word', () => {
    for (const name of [
      'gmail.com',
      'NAVER.com',
      'localhost',
      '10.0.0.1',
      'a..b',
      '-a.com',
      'a-.com',
      'com',
      'a b.com',
    ]) {
      expect(mailDomainSchema.safeParse(name).success, name).toBe(false);
    }
    for (const address of ['', '@acme.com', 'acme.com', 'x@', 'x@127.0.0.1', 'x@acme.com.', 'x@acme.com\n']) {
      expect(domainOf(address), address).toBeUndefined();
    }
  });

  it('never takes longer than its length asks for, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => void mailDomainSchema.safeParse(text)));
  });
});
