import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until it is so, as a deployed installation needs its time.
 *
 * @throws Error after 90 seconds in vain.
 */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 90_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited 90 s in vain for ${isSo.toString()}`);
    await sleep(250);
  }
}
