import { newId } from '@tenantry/core/ids/id';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogBuffer, type LogRow } from './recommendation-log.ts';

const tenantId = newId('tenant');
const rowOf = (at: number): LogRow => ({ tenantId, shopperId: `s${at}`, row: { at } });

describe('the buffer of the log', () => {
  it('writes every list once, in its order and 25 at most in a call, and tells of each what became of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 8 }),
        fc.integer({ min: 0, max: 90 }),
        async (fates, count) => {
          const written: LogRow[] = [];
          let call = 0;
          const buffer = createLogBuffer(
            async (rows) => {
              expect(rows.length).toBeLessThanOrEqual(25);
              await Promise.resolve();
              const fails = fates[call++] ?? false;
              if (fails) throw new Error('refused');
              written.push(...rows);
            },
            { waitsMs: 0 },
          );
          const told = Array.from({ length: count }, (_, at) => buffer.write(rowOf(at)));
          const outcomes = Promise.allSettled(told);
          await buffer.flush();
          const good = (await outcomes).flatMap(({ status }, at) => (status === 'fulfilled' ? [rowOf(at)] : []));
          expect(written).toEqual(good);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('writes a few soon, without waiting for more', async () => {
    const calls: number[] = [];
    const buffer = createLogBuffer(async (rows) => void calls.push(rows.length), { waitsMs: 1 });
    await Promise.all([1, 2, 3].map((at) => buffer.write(rowOf(at))));
    expect(calls).toEqual([3]);
  });

  it('is full when the table takes nothing, until it does again', async () => {
    let open = () => undefined as undefined | unknown;
    const gate = new Promise((resolve) => {
      open = () => resolve(undefined);
    });
    const buffer = createLogBuffer(async () => void (await gate), { rowsMax: 40, waitsMs: 0 });
    const told = Array.from({ length: 64 }, (_, at) => buffer.write(rowOf(at)));
    expect(buffer.isFull()).toBe(false);
    told.push(buffer.write(rowOf(64)));
    expect(buffer.isFull()).toBe(true);
    open();
    await Promise.all(told);
    expect(buffer.isFull()).toBe(false);
  });
});
