import { newId } from '../ids/id.ts';

/** An id for an announcement that is yet to be sent, so that sending it again sends nothing twice. */
export const newAnnouncementId = (): string => newId('announcement');
