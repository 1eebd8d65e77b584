import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataSet } from './data-set.ts';
import { measure } from './measure.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quality-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};

describe('a data set', () => {
  it('is read from rows of sessions and of queries, gzipped, in their order', async () => {
    const train = await write('train.tsv.gz', gzipSync('session\titems\n0\ta b\n1\tb c a\n'));
    const test = await write('test.tsv', 'query\tprefix\ttarget\n0\tc a\tb\n1\ta\tunknown\n2\tunknown b\tc\n');
    const { train: sessions, queries } = await readDataSet(train, test);
    expect(sessions.itemIds).toEqual(['a', 'b', 'c']);
    expect([...sessions.corpus.items]).toEqual([0, 1, 1, 2, 0]);
    expect(queries.map(({ prefix, next }) => [[...prefix.items], next])).toEqual([
      [[2, 0], 1],
      [[0], -1],
      [[1], 2],
    ]);
  });

  it('is read from rows of events with times and types, in order of time; items that train does not know are no queries', async () => {
    const header = 'SessionId,ItemId,Time,Type\n';
    const train = await write(
      'train.csv',
      `${header}2,b,300.5,view\n1,a,100,view\n1,b,90,addtocart\n2,c,400,transaction\n`,
    );
    const test = await write('test.csv', `${header}3,a,500,view\n3,new,501,view\n3,c,502,view\n4,a,503,view\n`);
    const { train: sessions, queries } = await readDataSet(train, test);
    expect(sessions.itemIds).toEqual(['b', 'a', 'c']);
    expect([...sessions.corpus.items]).toEqual([0, 1, 0, 2]);
    expect([...sessions.corpus.types]).toEqual([1, 0, 0, 2]);
    expect([...sessions.corpus.endedAt]).toEqual([100, 400]);
    expect(queries.map(({ prefix, next }) => [[...prefix.items], next])).toEqual([[[1], 2]]);
  });
});

it('measures all that is to be reported, with baselines beside it', async () => {
  const visits = Array.from({ length: 400 }, (_, visit) => {
    const shelf = visit % 5;
    return `${visit}\t${[0, 1, 2].map((step) => shelf * 10 + ((Math.floor(visit / 5) + step) % 10)).join(' ')}`;
  });
  const train = await write('made.tsv', `session\titems\n${visits.join('\n')}\n`);
  const test = await write('asked.tsv', 'query\tprefix\ttarget\n0\t3 4\t5\n1\t21\t22\n');
  const [measured, ...baselines] = [...measure(await readDataSet(train, test))];
  expect(measured).toMatchObject({ hr20: 100, novelHr20: 100, queries: 2, events: 1200, items: 50 });
  for (const name of ['trainSeconds', 'indexSeconds', 'modelBytes', 'p50Ms', 'p99Ms', 'peakRssMb', 'mrr20']) {
    expect(measured?.[name], name).toBeTypeOf('number');
  }
  expect(baselines).toHaveLength(4);
});
