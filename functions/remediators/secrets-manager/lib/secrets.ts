import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  type RotationRulesType,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Held } from '../../../../shared/bot/bot';
import type { NotApplicable } from '../../../../shared/bot/setting';

/** What bots on secrets share. */
export const SECRET = {
  resource: 'AWS::SecretsManager::Secret',
  clients: { secretsmanager: SecretsManagerClient },
  gone: ['ResourceNotFoundException'],
} as const;

/** What {@link obstacleToSecret} needs of a secret. */
export interface SecretPlace {
  readonly isDeleted: boolean;
  /** The region of the secret of which this one is a replica. */
  readonly primary?: string;
}

/** The secret as it is, with `secretsmanager:DescribeSecret`. */
export async function readSecret(
  client: SecretsManagerClient,
  { id, region }: { readonly id: string; readonly region: string },
): Promise<{ readonly secret: DescribeSecretCommandOutput; readonly place: SecretPlace }> {
  const secret = await client.send(new DescribeSecretCommand({ SecretId: id }));
  const { PrimaryRegion: primary, DeletedDate } = secret;
  const isReplica = primary !== undefined && primary !== region;
  return { secret, place: { isDeleted: DeletedDate !== undefined, ...(isReplica && { primary }) } };
}

/** What Secrets Manager counts for a schedule, it does not take beside one. */
export function settable({ AutomaticallyAfterDays, ...rules }: RotationRulesType): RotationRulesType {
  return rules.ScheduleExpression === undefined ? { AutomaticallyAfterDays, ...rules } : rules;
}

/** Why rotation of this secret is left alone. */
export function obstacleToSecret({ isDeleted, primary }: SecretPlace): Held | NotApplicable | undefined {
  if (isDeleted) return { notApplicable: 'the secret waits for its deletion' };
  return primary === undefined
    ? undefined
    : { held: `the secret is a replica, which rotates with that in ${primary}` };
}
