import type { CallOutput } from '../api/client.ts';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { experimentMessages } from './messages.ts';

type Result = CallOutput<'getExperiment'>['results'][number];

const WIDTH = 300;
const HEIGHT = 24;

/** The share of shoppers who clicked of each variant, drawn as intervals on one scale; the table beside says the same in figures. */
export function Intervals({ results }: { readonly results: readonly Result[] }) {
  const text = useText(experimentMessages);
  const { percent } = useFormat();
  const most = Math.max(...results.map(({ clickRate }) => clickRate?.high ?? 0), 0.01);
  const x = (share: number): number => 4 + (share / most) * (WIDTH - 8);
  return (
    <figure className="space-y-3">
      <figcaption className="text-sm text-soft">{text.intervals}</figcaption>
      <ul className="space-y-3">
        {results.map(({ name, clickRate, verdict }) => (
          <li key={name} className="grid items-center gap-x-4 sm:grid-cols-[8rem_1fr]">
            <span className="text-sm font-medium wrap-anywhere">{name}</span>
            <span className="flex items-center gap-3">
              <svg
                viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
                preserveAspectRatio="none"
                role="img"
                aria-label={
                  clickRate
                    ? text.intervalLabel(percent(clickRate.low), percent(clickRate.value), percent(clickRate.high))
                    : text.verdicts.tooEarly
                }
                className={`h-6 min-w-0 flex-1 ${verdict === 'better' ? 'text-good' : verdict === 'worse' ? 'text-bad' : 'text-accent'}`}
              >
                <line x1="4" x2={WIDTH - 4} y1="12" y2="12" stroke="var(--line)" strokeWidth="1" />
                {clickRate && (
                  <>
                    <rect
                      x={x(clickRate.low)}
                      y="9"
                      width={Math.max(2, x(clickRate.high) - x(clickRate.low))}
                      height="6"
                      rx="3"
                      fill="currentColor"
                      opacity="0.35"
                    />
                    <rect x={x(clickRate.value) - 1.5} y="4" width="3" height="16" rx="1.5" fill="currentColor" />
                  </>
                )}
              </svg>
              <span className="w-32 shrink-0 text-right text-sm text-soft tabular-nums">
                {clickRate ? `${percent(clickRate.low)} – ${percent(clickRate.high)}` : '–'}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="text-sm text-soft">{text.intervalsNote}</p>
    </figure>
  );
}
