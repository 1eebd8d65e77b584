import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/test-cloud.ts';

/** A clone on a machine that has Node and nothing else. */
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-clone-'));
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(root, file), join(folder, file));
  mkdirSync(join(folder, 'scripts'));
  cpSync(join(root, 'scripts/ensure-dependencies.mjs'), join(folder, 'scripts/ensure-dependencies.mjs'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin/node'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('says in one sentence that npm is missing, and exits with 1', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/ensure-dependencies.mjs'], {
    cwd: folder,
    env: { PATH: join(folder, 'bin') },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe('"npm" was not found: install Node.js with npm, then run this again.');
});
