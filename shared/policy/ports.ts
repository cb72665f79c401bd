import * as z from 'zod';
import { type Opened, WORLD_SHARE } from './internet';

/**
 * The parameters by which bots close ports to the world.
 *
 * @param opens What opens ports: `a rule`.
 */
export const portsToClose = (opens: string) => ({
  ports: z
    .array(z.int().min(0).max(65535))
    .min(1)
    .default([22, 3389])
    .describe('ports that must not be open to the world'),
  protocols: z
    .array(z.enum(['tcp', 'udp']))
    .min(1)
    .default(['tcp'])
    .describe(`protocols they are closed for; ${opens} for all traffic opens the ports of every protocol`),
  worldShare: z
    .number()
    .positive()
    .max(1)
    .default(WORLD_SHARE)
    .describe(
      'how much of the routed internet, IPv4 or IPv6, must reach a port for it to count as open to the world: 0.5 is half',
    ),
});

/** Behind the sources that open a port: how much they let in together with others, where that is not everything. */
export function ofTheInternet({ share }: Opened<unknown>): string {
  const percent = Math.floor(share * 100);
  return percent < 100 ? `, in all ${percent} % of the internet` : '';
}
