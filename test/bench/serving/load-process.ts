import { type Load, offer } from './open-loop.ts';

/** A process of its own, so that what it takes is not the server's time: offers what it is told to, and tells what came of it. */
process.on('message', async (load: Load) => {
  process.send?.(await offer(load));
});
process.on('disconnect', () => process.exit(0));
