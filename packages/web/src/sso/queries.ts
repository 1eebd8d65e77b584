import { queryOptions } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';

export const ssoQuery = queryOptions({ queryKey: ['sso'], queryFn: () => api('getSso', {}) });

export type Sso = CallOutput<'getSso'>;
