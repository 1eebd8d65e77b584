const DECAY_FIRST = 0.9;
const DECAY_SECOND = 0.999;
const EPSILON = 1e-8;

/** Adam for one array of parameters: `step` takes the mean gradient of a batch and moves against it. */
export function createAdam(parameters: Float64Array): (gradient: Float64Array, rate: number) => void {
  const first = new Float64Array(parameters.length);
  const second = new Float64Array(parameters.length);
  let steps = 0;
  return (gradient, rate) => {
    steps += 1;
    const size = (rate * Math.sqrt(1 - DECAY_SECOND ** steps)) / (1 - DECAY_FIRST ** steps);
    for (let at = 0; at < parameters.length; at++) {
      const slope = gradient[at] ?? 0;
      const mean = DECAY_FIRST * (first[at] ?? 0) + (1 - DECAY_FIRST) * slope;
      const square = DECAY_SECOND * (second[at] ?? 0) + (1 - DECAY_SECOND) * slope * slope;
      first[at] = mean;
      second[at] = square;
      parameters[at] = (parameters[at] ?? 0) - (size * mean) / (Math.sqrt(square) + EPSILON);
    }
  };
}
