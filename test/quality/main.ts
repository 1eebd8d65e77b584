import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDataSet } from './data-set.ts';
import { measure } from './measure.ts';

/**
 * `npm run quality [name…]`: trains the recommender on public data and says how well it ranks, a line of JSON each. `--data FILE --test FILE`
 * takes other data, `--quick` a tenth of it.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, test: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const folder = process.env.TENANTRY_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const known: Readonly<Record<string, readonly [train: string, test: string]>> = {
  diginetica: [`${folder}/diginetica.train.tsv.gz`, `${folder}/diginetica.test.tsv.gz`],
  yc100k: [`${folder}/yc100k_train_full.tsv.gz`, `${folder}/yc100k_test.tsv.gz`],
};

if ((values.data === undefined) !== (values.test === undefined)) {
  process.stderr.write('--data and --test belong together.\n');
  process.exit(1);
}
const unknown = positionals.filter((name) => !(name in known));
if (unknown.length > 0) {
  process.stderr.write(`There is no data set ${unknown.join(', ')}; there are ${Object.keys(known).join(', ')}.\n`);
  process.exit(1);
}
const wanted =
  values.data !== undefined && values.test !== undefined
    ? [[values.data, values.data, values.test] as const]
    : Object.entries(known)
        .filter(([name]) => positionals.length === 0 || positionals.includes(name))
        .map(([name, [train, test]]) => [name, train, test] as const);

for (const [name, train, test] of wanted) {
  if (!existsSync(train) || !existsSync(test)) {
    process.stderr.write(`${name} is skipped: ${train} or ${test} is not there. TENANTRY_DATA names the folder.\n`);
    continue;
  }
  for (const line of measure(await readDataSet(train, test, values.quick ? 0.1 : 1))) {
    process.stdout.write(`${JSON.stringify({ data: name, ...line })}\n`);
  }
}
