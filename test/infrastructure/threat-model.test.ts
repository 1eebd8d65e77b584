import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './graphs.ts';

const page = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');
const picture = readFileSync(join(root, 'docs/images/data-flow.svg'), 'utf8');

interface Threat {
  readonly id: string;
  readonly category: string;
  readonly threat: string;
  readonly control: string;
  readonly test: string;
}

function threatsOf(text: string): readonly Threat[] {
  return [...text.matchAll(/^\| (T-\d+) \| (.*?) \| (.*) \| (.*) \| (.*) \|$/gm)].map(
    ([, id = '', category = '', threat = '', control = '', test = '']) => ({ id, category, threat, control, test }),
  );
}

const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:packages|stacks|test)\/[^`]+)`/g)].map(([, path = '']) => path);

/** The titles in a file of tests: of tests, of groups, and of both with a table. */
const titlesIn = (source: string): ReadonlySet<string> =>
  new Set(
    [...source.matchAll(/(['"`])((?:(?!\1).)+)\1\s*,\s*(?:async\s*)?(?:\(|\{|async)/g)].map(
      ([, , title = '']) => title,
    ),
  );

/** What is wrong with a threat's row, in sentences that name it. */
function faultsOf({ id, category, control, test }: Threat): readonly string[] {
  const faults: string[] = [];
  if (!/^[STRIDE]$/.test(category)) faults.push(`${id} is of no category of STRIDE: ${category}`);
  for (const path of pathsIn(control)) {
    if (!existsSync(join(root, path))) faults.push(`${id} names a place that is not there: ${path}`);
  }
  if (/^(not tested|accepted): .{10,}/.test(test)) return faults;
  const [, file = '', title = ''] = /^`([^`]+)` › (.+)$/.exec(test) ?? [];
  if (!file || !existsSync(join(root, file))) return [...faults, `${id} names no file of tests: ${test}`];
  if (!titlesIn(readFileSync(join(root, file), 'utf8')).has(title))
    faults.push(`${id} names no test of ${file}: ${title}`);
  return faults;
}

const threats = threatsOf(page);

describe('the threat model', () => {
  it('numbers its threats without a gap', () => {
    expect(threats.length).toBeGreaterThan(40);
    expect(threats.map(({ id }) => id)).toEqual(threats.map((_, index) => `T-${String(index + 1).padStart(2, '0')}`));
  });

  it('names places that are there and tests that exist, or says why there is none', () => {
    expect(threats.flatMap(faultsOf)).toEqual([]);
  });

  it('has threats of every category', () => {
    expect(new Set(threats.map(({ category }) => category))).toEqual(new Set('STRIDE'));
  });

  it('explains everything that is in the picture, and shows everything that it explains', () => {
    const shown = [...picture.matchAll(/ id="([EPSB]\d)"/g)].map(([, id = '']) => id).sort();
    const explained = [...page.matchAll(/^\| ([EPSB]\d) \|/gm)].map(([, id = '']) => id).sort();
    expect(shown).toEqual(explained);
  });
});

describe('the check itself', () => {
  const good: Threat = {
    id: 'T-99',
    category: 'S',
    threat: 'somebody',
    control: '`stacks/api.ts`',
    test: '`test/infrastructure/threat-model.test.ts` › numbers its threats without a gap',
  };

  it('takes a good row', () => {
    expect(faultsOf(good)).toEqual([]);
  });

  it.each([
    [{ category: 'X' }, /no category/],
    [{ control: '`stacks/nowhere.ts`' }, /not there: stacks\/nowhere.ts/],
    [{ test: '`test/nowhere.test.ts` › a' }, /no file of tests/],
    [{ test: '`test/infrastructure/threat-model.test.ts` › something else' }, /no test of .*: something else/],
    [{ test: 'accepted: no' }, /no file of tests/],
  ])('finds what is wrong with %o', (change, fault) => {
    const faults = faultsOf({ ...good, ...change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });
});
