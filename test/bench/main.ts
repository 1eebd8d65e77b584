import { coldStart } from './coldstart.ts';
import { collector } from './collector.ts';
import { isolation } from './isolation/isolation.ts';
import { lifecycle } from './lifecycle.ts';
import type { Measurement } from './measurement.ts';
import { recommender } from './recommender.ts';
import { site } from './site.ts';

/** `npm run bench [name]`: benchmarks, one JSON line each. Every timing stands beside a floor that was measured in the same run. */
const benchmarks: Readonly<Record<string, () => AsyncIterable<Measurement>>> = {
  coldstart: coldStart,
  collector,
  isolation,
  lifecycle,
  recommender,
  site,
};

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
