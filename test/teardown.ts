import type { LocalAws } from '../local/aws';

export default async function teardown(): Promise<void> {
  await (globalThis as { localAws?: LocalAws }).localAws?.stop();
}
