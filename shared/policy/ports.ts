import * as z from 'zod';

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
});
