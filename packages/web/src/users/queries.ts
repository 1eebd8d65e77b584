import { queryOptions } from '@tanstack/react-query';
import { api } from '../app.ts';

export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => api('listUsers', {}) });
export const invitationsQuery = queryOptions({ queryKey: ['invitations'], queryFn: () => api('listInvitations', {}) });
