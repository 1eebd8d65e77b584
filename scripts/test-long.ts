import { randomInt } from 'node:crypto';
import { run } from './run-command.ts';

/**
 * `npm run test:long`: what takes too long for every change. Property tests draw new cases, by a seed that is printed and that
 * `TEST_SEED` repeats; each fault strikes each task of each state machine by itself.
 */
const seed = process.env.TEST_SEED ?? String(randomInt(2 ** 31));
process.stdout.write(`TEST_SEED=${seed}\n`);
process.env.TEST_SEED = seed;
process.env.TENANTRY_LONG = '1';
const code = await run('vitest', ['run', ...process.argv.slice(2)]);
process.stdout.write(`TEST_SEED=${seed}\n`);
process.exit(code);
