import type { CallOutput } from '../api/client.ts';
import { useViewer } from './company.ts';

type FlagName = keyof NonNullable<CallOutput<'getMe'>['flags']>;

/** Whether a flag is on for the company that the viewer works in; off while nobody knows. */
export const useFlag = (name: FlagName): boolean => useViewer()?.me.flags?.[name] ?? false;
