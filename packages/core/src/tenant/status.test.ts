import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors/domain-error.ts';
import { assertTransition, statusTransitions, tenantStatuses } from './status.ts';

describe('the status of a tenant', () => {
  it('moves only as the table says; every other move names both states', () => {
    for (const from of tenantStatuses) {
      for (const to of tenantStatuses) {
        const allowed = (statusTransitions[from] as readonly string[]).includes(to);
        if (allowed) expect(() => assertTransition(from, to)).not.toThrow();
        else {
          expect(() => assertTransition(from, to)).toThrow(DomainError);
          expect(() => assertTransition(from, to)).toThrow(new RegExp(`${from}.*${to}`));
        }
      }
    }
  });

  it('leads from every status to deleted, and from deleted nowhere', () => {
    const reaches = (from: (typeof tenantStatuses)[number], seen = new Set<string>()): boolean => {
      if (from === 'deleted') return true;
      if (seen.has(from)) return false;
      seen.add(from);
      return statusTransitions[from].some((next) => reaches(next, seen));
    };
    for (const status of tenantStatuses) expect(reaches(status)).toBe(true);
    expect(statusTransitions.deleted).toEqual([]);
  });

  it('never serves before the payment', () => {
    expect(statusTransitions.pending).not.toContain('active');
  });
});
