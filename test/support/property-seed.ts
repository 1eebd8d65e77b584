import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a change is judged by what it changed and not by the dice. `TEST_SEED=random`
 * draws others; a failure prints the seed, which `TEST_SEED=<number>` repeats.
 */
const wanted = process.env.TEST_SEED ?? '20261121';
if (wanted !== 'random') fc.configureGlobal({ seed: Number.parseInt(wanted, 10) });
