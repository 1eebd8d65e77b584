import { defineConfig } from 'vitest/config';

/** Tests against engines that others wrote; `npm run conformance` prepares what they need, and `npm test` leaves them out. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});
