import {
  DeleteSecretCommand,
  type DescribeSecretCommandOutput,
  DescribeSecretCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { SECRET } from './lib/secrets';
import { defineBot } from '../../../shared/bot/bot';

const DAY_MS = 24 * 3_600_000;

export const bot = defineBot({
  id: 'secretsmanager_delete_unused',
  title: 'Delete secrets that nobody reads, with weeks in which they can be restored',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    days: z.int().min(1).max(3650).default(90).describe('whole days in which nobody read or changed it'),
    recoveryDays: z.int().min(7).max(30).default(30).describe('days in which it can be restored'),
  }),
  from: { days: 'config', recoveryDays: 'config' },
  permissions: {
    read: ['secretsmanager:DescribeSecret'],
    write: ['secretsmanager:DeleteSecret'],
    undo: ['secretsmanager:RestoreSecret'],
  },
  ...SECRET,

  async inspect({ secretsmanager }, { target: { id: SecretId, region } }): Promise<State> {
    const secret = await secretsmanager.send(new DescribeSecretCommand({ SecretId }));
    const obstacle = obstacleOf(secret, region);
    const { LastAccessedDate, LastChangedDate, LastRotatedDate, CreatedDate } = secret;
    const times = [LastAccessedDate, LastChangedDate, LastRotatedDate, CreatedDate].map(
      (date) => date?.getTime() ?? 0,
    );
    return {
      deleted: secret.DeletedDate !== undefined,
      idleDays: Math.max(0, Math.floor((Date.now() - Math.max(...times)) / DAY_MS)),
      ...(obstacle !== undefined && { obstacle }),
    };
  },

  check: ({ deleted, idleDays }, { params: { days } }) =>
    !deleted && idleDays >= days ? `nobody has read or changed the secret for ${idleDays} days` : undefined,

  plan: ({ obstacle }, { target: { id: SecretId }, params: { recoveryDays: RecoveryWindowInDays } }) =>
    obstacle === undefined
      ? [{ secretsmanager: new DeleteSecretCommand({ SecretId, RecoveryWindowInDays }) }]
      : { held: obstacle },

  undo: ({ deleted }, { target: { id: SecretId }, now }) =>
    !deleted && now.deleted ? [{ secretsmanager: new RestoreSecretCommand({ SecretId }) }] : [],

  footprint: ({ deleted }) => ({ deleted }),
});

interface State {
  /** It waits for its deletion. */
  readonly deleted: boolean;
  readonly idleDays: number;
  /** Why it is left alone. */
  readonly obstacle?: string;
}

function obstacleOf(
  {
    OwningService: owner,
    PrimaryRegion: primary,
    ReplicationStatus: replicas = [],
  }: DescribeSecretCommandOutput,
  region: string,
): string | undefined {
  if (owner !== undefined) return `the secret belongs to ${owner}: delete it there`;
  if (primary !== undefined && primary !== region)
    return `the secret is a replica of the one in ${primary}: look there whether it is used`;
  const regions = replicas.map(({ Region = '' }) => Region).sort();
  return regions.length > 0 ? `it has replicas in ${regions.join(', ')}, which may be in use` : undefined;
}
