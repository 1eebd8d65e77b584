/** The 97.5th percentile of the normal distribution: intervals hold 95 of 100 times. */
const Z = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often something happened of how many times that it could. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/** Wilson's interval for a share, which stays within 0 and 1 and holds for few trials, too; all of it when there are none. */
export function wilson({ successes, trials }: Proportion): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const weight = Z ** 2 / trials;
  const centre = (share + weight / 2) / (1 + weight);
  const half = (Z * Math.sqrt((share * (1 - share)) / trials + weight / (4 * trials))) / (1 + weight);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Newcombe's interval for how much the second share is above the first, made of Wilson's of both.
 * Where zero is outside, chance alone would show as much less than 5 of 100 times.
 */
export function difference(first: Proportion, second: Proportion): Interval {
  if (first.trials === 0 || second.trials === 0) return { low: -1, high: 1 };
  const [a, b] = [first.successes / first.trials, second.successes / second.trials];
  const [ofA, ofB] = [wilson(first), wilson(second)];
  return {
    low: b - a - Math.hypot(b - ofB.low, ofA.high - a),
    high: b - a + Math.hypot(ofB.high - b, a - ofA.low),
  };
}
