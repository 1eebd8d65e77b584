import { coldStart } from './coldstart.ts';

/** `npm run bench [name]`: benchmarks, one JSON line each. Every timing stands beside a floor that was measured in the same run. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the least that could do the job took. */
  readonly floor?: number;
  /** `value / floor` */
  readonly ratio?: number;
  /** Runs behind `value`, which is their median. */
  readonly n: number;
  /** Half the distance between the quartiles. */
  readonly spread: number;
}

const benchmarks: Readonly<Record<string, () => AsyncIterable<Measurement>>> = { coldstart: coldStart };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.\n`,
  );
  process.exit(1);
}
for (const [name, run] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for await (const measurement of run()) process.stdout.write(`${JSON.stringify(measurement)}\n`);
}
