import { useMessages } from '../../messages/context.tsx';

const MICRO_A_CENT = 10_000;

/** Writes millionths of a US dollar as money, to the cent. */
export function useUsd(): (micro: number) => string {
  const { money } = useMessages();
  return (micro) => money(Math.round(micro / MICRO_A_CENT), 'usd');
}
