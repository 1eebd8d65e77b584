import { run } from './run-command.ts';

/** `npm run check`: types and lint. Runs all of them, so that one run tells everything. */
const commands: readonly (readonly [string, readonly string[]])[] = [
  ['tsc', ['-b']],
  // The infrastructure program is checked against SST's own component sources, which no reference can build.
  ['tsc', ['-p', 'stacks', '--noEmit']],
  ['biome', ['check', '--error-on-warnings', '.']],
];

let failed = 0;
for (const [command, args] of commands) {
  process.stdout.write(`> ${command} ${args.join(' ')}\n`);
  if ((await run(command, args)) !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
