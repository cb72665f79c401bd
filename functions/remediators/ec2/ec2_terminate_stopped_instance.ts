import * as z from 'zod';
import { instanceOf, isEnded, volumesOf } from './lib/instances';
import { type Ending, TERMINATING, obstacleTo } from './lib/termination';
import { defineBot } from '../../../shared/bot/bot';

const DAY_MS = 24 * 3_600_000;
/** A snapshot by a bot that is older may miss what was written to a volume that was attached elsewhere since. */
const FRESH_HOURS = 24;

export const bot = defineBot({
  ...TERMINATING,
  id: 'ec2_terminate_stopped_instance',
  title: 'Terminate EC2 instances that were stopped long ago, once their volumes are kept in snapshots',
  severity: 'medium',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    days: z.int().min(1).max(3650).default(30).describe('whole days since the instance was stopped'),
    snapshot: z.boolean().default(true).describe('whether volumes are kept in snapshots first'),
  }),
  from: { days: 'config', snapshot: 'config' },

  async inspect({ ec2 }, { target: { id }, params }): Promise<State | undefined> {
    const instance = await instanceOf(ec2, id);
    if (!instance || isEnded(instance)) return instance && { ended: true, volumes: [] };
    if (instance.State?.Name !== 'stopped') return { ended: false, volumes: [] };
    const days = daysSince(instance.StateTransitionReason);
    if (days !== undefined && days < params.days) return { ended: false, volumes: [], days };
    const obstacle =
      days === undefined
        ? 'EC2 does not say since when it is stopped'
        : await obstacleTo('terminate', ec2, instance);
    const volumes = params.snapshot ? await volumesOf(ec2, id, FRESH_HOURS) : [];
    return { ended: false, volumes, days: days ?? 'unknown', ...(obstacle !== undefined && { obstacle }) };
  },

  check({ ended, days }, { params }) {
    if (ended || days === undefined) return undefined;
    if (days === 'unknown') return 'the instance is stopped, for how long is not known';
    return days >= params.days ? `the instance is stopped for ${days} days` : undefined;
  },
});

interface State extends Ending {
  /** For how long it is stopped; absent: it is not. */
  readonly days?: number | 'unknown';
}

/** `User initiated (2026-01-31 12:00:00 GMT)`; what stopped by itself gives no time. */
function daysSince(reason = ''): number | undefined {
  const [, date, time] = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/.exec(reason) ?? [];
  if (date === undefined || time === undefined) return undefined;
  return Math.max(0, Math.floor((Date.now() - Date.parse(`${date}T${time}Z`)) / DAY_MS));
}
