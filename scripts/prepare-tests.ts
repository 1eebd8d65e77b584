import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProgram } from '../packages/local/src/cloud/program.ts';
import { createKeptBundler } from '../packages/local/src/program/bundle-cache.ts';
import { root } from './run-command.ts';

/**
 * Evaluates the program and bundles its functions once, so that the first test that starts a local cloud does not do so within its own time,
 * and two of them not side by side. What is kept from before and still right is kept.
 */
const scratch = mkdtempSync(join(tmpdir(), 'prepare-'));
const secrets = { StripeSecretKey: 'sk_test_placeholder', StripeWebhookSecret: 'whsec_placeholder' };
const graph = await loadProgram({ root, siteUrl: 'http://localhost:4400', secrets });
const cacheDir = join(root, 'node_modules', '.cache', 'tenantry');
const bundler = await createKeptBundler({ root, graph, outDir: scratch, cacheDir });
await bundler.close();
rmSync(scratch, { recursive: true, force: true });
