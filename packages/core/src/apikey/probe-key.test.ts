import { expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { hashApiKey } from './api-key.ts';
import { parseProbeKeyRow } from './probe-key.ts';

const hash = hashApiKey('probe');
const row = { keyId: newId('apiKey'), hash, expiresAt: 1_000 };
const at = (seconds: number) => new Date(seconds * 1000);

it('a probe key counts until its time is over, though its row may be there longer', () => {
  expect(parseProbeKeyRow(row, hash, at(999))).toEqual({ keyId: row.keyId });
  expect(parseProbeKeyRow(row, hash, at(1_000))).toBeUndefined();
  expect(parseProbeKeyRow(row, hash, at(90_000))).toBeUndefined();
});

it('a probe key that a newer one replaced does not count', () => {
  expect(parseProbeKeyRow(row, hashApiKey('older'), at(1))).toBeUndefined();
});
