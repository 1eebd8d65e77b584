import type { ReactNode } from 'react';

const tones = {
  neutral: 'bg-tint text-ink',
  good: 'bg-tint text-good',
  wait: 'bg-tint text-wait',
  bad: 'bg-tint text-bad',
} as const;
export type Tone = keyof typeof tones;

/** A word about the state of something; the tone supports it and never stands for it. */
export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className={`inline-flex items-center rounded-full px-3 py-0.5 text-sm whitespace-nowrap ${tones[tone]}`}>
      {children}
    </span>
  );
}
