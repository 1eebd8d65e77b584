/** Contents of objects and parts as files with random names, so that no key ever becomes a path. */

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const COPY_CHUNK_BYTES = 1 << 20;

export interface BlobStore {
  /** Writes a new blob, durable before it answers, and gives its name. */
  write(data: Uint8Array): Promise<string>;
  /** Writes a new blob from existing ones, in order. */
  concat(names: readonly string[]): Promise<string>;
  /** Bytes `from` up to but not including `to`; `undefined` when the blob is gone. */
  read(name: string, from: number, to: number): Promise<Buffer | undefined>;
  /** Forgets blobs that no row names any more. A reader that has one open is not disturbed. */
  remove(names: readonly string[]): Promise<void>;
}

/**
 * Opens the store and removes what an interrupted write left behind.
 * @param live names of the blobs that rows refer to
 */
export async function openBlobs(dir: string, live: ReadonlySet<string>): Promise<BlobStore> {
  const blobs = join(dir, 'blobs');
  const temporary = join(dir, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await mkdir(blobs, { recursive: true });
  for (const name of await readdir(blobs)) if (!live.has(name)) await rm(join(blobs, name), { force: true });

  async function publish(fill: (file: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<string> {
    const name = randomBytes(16).toString('hex');
    const path = join(temporary, name);
    const file = await open(path, 'wx');
    try {
      await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path, join(blobs, name));
    return name;
  }

  return {
    write: (data) => publish((file) => file.writeFile(data)),
    concat: (names) =>
      publish(async (target) => {
        const buffer = Buffer.alloc(COPY_CHUNK_BYTES);
        for (const name of names) {
          const source = await open(join(blobs, name));
          try {
            for (;;) {
              const { bytesRead } = await source.read(buffer, 0, buffer.length);
              if (bytesRead === 0) break;
              await target.writeFile(buffer.subarray(0, bytesRead));
            }
          } finally {
            await source.close();
          }
        }
      }),
    async read(name, from, to) {
      const file = await open(join(blobs, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (!file) return undefined;
      try {
        const buffer = Buffer.alloc(to - from);
        let filled = 0;
        while (filled < buffer.length) {
          const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, from + filled);
          if (bytesRead === 0) throw new Error(`object content ${name} is shorter than its row says`);
          filled += bytesRead;
        }
        return buffer;
      } finally {
        await file.close();
      }
    },
    async remove(names) {
      for (const name of names) await rm(join(blobs, name), { force: true });
    },
  };
}
