import { setTimeout as wait } from 'node:timers/promises';
import type { KubernetesObject } from '../object.ts';
import { RemoteError } from './connection.ts';

const retryMs = 500;

export interface StatusWriter {
  /** Writes the status soon; of several that wait for the same object, the last. */
  write(object: KubernetesObject): void;
  /** What is still on its way for an object. */
  pending(uid: string): KubernetesObject | undefined;
  close(): Promise<void>;
}

/** Writes objects' statuses one after another for each object, again while the cluster does not answer. */
export function createStatusWriter(send: (object: KubernetesObject) => Promise<unknown>): StatusWriter {
  const latest = new Map<string, KubernetesObject>();
  const running = new Map<string, Promise<void>>();
  let closed = false;

  async function drain(uid: string): Promise<void> {
    for (let object = latest.get(uid); object; object = latest.get(uid)) {
      try {
        await send(object);
      } catch (error) {
        // It is gone, or another of the same name has come: there is nobody to tell.
        const refused =
          error instanceof RemoteError && error.status >= 400 && error.status < 500 && error.status !== 429;
        if (refused && error.status !== 404 && error.status !== 409) {
          console.error('kubernetes: the cluster refuses a status', error.message);
        }
        if (!refused && !closed) {
          await wait(retryMs);
          continue;
        }
      }
      if (latest.get(uid) === object) latest.delete(uid);
    }
    running.delete(uid);
  }

  return {
    write(object) {
      const { uid } = object.metadata;
      latest.set(uid, object);
      if (!running.has(uid)) running.set(uid, drain(uid));
    },
    pending: (uid) => latest.get(uid),
    async close() {
      closed = true;
      await Promise.all(running.values());
    },
  };
}
