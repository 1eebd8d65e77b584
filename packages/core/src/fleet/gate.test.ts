import { expect, it } from 'vitest';
import { gateProblem } from './gate.ts';

const counters = (requests: number, errors: number, version = 'v2') => ({ version, requests, errors });

it.each([
  ['no error', [counters(5, 0)]],
  ['one lost request of few', [counters(5, 1)]],
  ['one in a hundred', [counters(1000, 10)]],
  ['few errors over all replicas', [counters(100, 2), counters(900, 1)]],
])('a silo with %s goes on', (_, sampled) => {
  expect(gateProblem(sampled, 'v2')).toBeUndefined();
});

it.each([
  ['that fails more', [counters(1000, 11)], '1.1 % of its requests fail.'],
  ['of which one replica fails', [counters(100, 0), counters(100, 100)], '50.0 % of its requests fail.'],
  ['that has answered nothing', [counters(0, 0)], 'It has answered no request yet.'],
  ['of which a replica is an old one', [counters(9, 0), counters(9, 0, 'v1')], 'It still answers as version v1.'],
  ['that was not met', [], 'It has answered no request yet.'],
])('a silo %s does not', (_, sampled, problem) => {
  expect(gateProblem(sampled, 'v2')).toBe(problem);
});
