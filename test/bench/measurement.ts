/** What a benchmark found out, printed as one line of JSON. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the least that could do the job took, or the best that it could reach. */
  readonly floor?: number;
  /** `value / floor` */
  readonly ratio?: number;
  /** Runs behind `value`, which is their median. */
  readonly n: number;
  /** Half the distance between the quartiles. */
  readonly spread: number;
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor((sorted.length - 1) * q)] ?? 0;

/** Four significant digits: no run repeats more. */
const round = (value: number): number => Number(value.toPrecision(4));

/** Median and half the distance between the quartiles. */
export function middle(samples: readonly number[]): { readonly median: number; readonly spread: number } {
  const sorted = samples.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 };
}

/**
 * A measurement from one sample per run.
 * @param floor what the samples are to be compared with; nothing unless given
 */
export function measured(name: string, unit: string, samples: readonly number[], floor?: number): Measurement {
  const { median, spread } = middle(samples);
  return {
    name,
    value: round(median),
    unit,
    ...(floor === undefined ? {} : { floor: round(floor), ratio: round(median / floor) }),
    n: samples.length,
    spread: round(spread),
  };
}

/** Runs something and its floor in turns, so that whatever else the machine does falls on both. */
export async function inTurns(
  runs: number,
  run: () => number | Promise<number>,
  runFloor: () => number | Promise<number>,
): Promise<{ readonly samples: readonly number[]; readonly floors: readonly number[] }> {
  const samples: number[] = [];
  const floors: number[] = [];
  for (let turn = 0; turn < runs; turn++) {
    samples.push(await run());
    floors.push(await runFloor());
  }
  return { samples, floors };
}

/** Microseconds that each of `times` repetitions took on average. */
export async function microseconds(times: number, act: (repetition: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let repetition = 0; repetition < times; repetition++) await act(repetition);
  return ((performance.now() - began) * 1000) / times;
}
