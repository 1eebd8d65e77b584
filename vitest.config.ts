import { configDefaults, defineConfig } from 'vitest/config';

/**
 * Tests that wait for a whole system which shares two cores with another: browsers, and executions whose waits are shortened. Where nobody
 * looks on, one that fails is tried once more, and the run's end names it. All other tests state what must hold at any speed.
 */
const timed = ['test/e2e/**/*.test.ts', 'test/integration/cloud/**/*.test.ts', 'test/faults/**/*.test.ts'];

// Tests of conformance need engines that others wrote; see `npm run conformance`.
const exclude = [...configDefaults.exclude, 'test/conformance/**'];

export default defineConfig({
  test: {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    setupFiles: ['test/support/property-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'guarantees',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...exclude, ...timed],
        },
      },
      { extends: true, test: { name: 'timed', include: timed, exclude, retry: process.env.CI ? 1 : 0 } },
    ],
  },
});
