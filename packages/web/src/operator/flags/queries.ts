import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app.ts';

export const flagsQuery = queryOptions({ queryKey: ['flags'], queryFn: () => api('listFlags', {}) });
