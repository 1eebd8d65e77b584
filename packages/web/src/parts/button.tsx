import type { ButtonHTMLAttributes } from 'react';

const looks = {
  strong: 'bg-accent text-accent-ink border-accent hover:opacity-90',
  plain: 'bg-panel text-ink border-line hover:border-accent',
  danger: 'bg-panel text-bad border-line hover:border-bad',
} as const;

/** How links and buttons that do something look. */
export const buttonClass = (look: keyof typeof looks = 'plain'): string =>
  `inline-flex min-h-10 items-center justify-center gap-2 rounded-lg border px-4 py-2 text-sm font-medium transition disabled:opacity-60 ${looks[look]}`;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: keyof typeof looks;
}

export function Button({ look = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`${buttonClass(look)} ${className}`} {...rest} />;
}
