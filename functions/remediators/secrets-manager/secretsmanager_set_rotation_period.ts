import { RotateSecretCommand, type RotationRulesType } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { SECRET, type SecretPlace, obstacleToSecret, readSecret, settable } from './lib/secrets';
import { type Wanted, defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...SECRET,
  id: 'secretsmanager_set_rotation_period',
  title: 'Rotate a secret often enough',
  severity: 'medium',
  risk: 'disruptive',
  recheck: 'daily',
  params: z.object({
    days: z.int().min(1).max(1000).default(90).describe('days between two rotations, at most'),
  }),
  from: { days: 'config' },
  words: { order: ['days'] },
  permissions: {
    read: ['secretsmanager:DescribeSecret'],
    write: ['secretsmanager:RotateSecret', 'lambda:InvokeFunction'],
  },

  async inspect({ secretsmanager }, { target }): Promise<State> {
    const { secret, place } = await readSecret(secretsmanager, target);
    const { RotationEnabled: rotates = false, RotationRules: is = {}, RotationLambdaARN: lambda } = secret;
    return { is, rotates, place, ...(lambda && { lambda }) };
  },
  want: ({ days }) => atMost(days),
  says: ({ is }, { params: { days } }) =>
    `the secret rotates every ${is.AutomaticallyAfterDays ?? '?'} days: let it rotate every ${days}`,
  obstacle: ({ rotates, place }) =>
    rotates ? obstacleToSecret(place) : { notApplicable: 'the secret does not rotate' },
  write: (rules, { target: { id: SecretId } }, { lambda }) => ({
    secretsmanager: new RotateSecretCommand({
      SecretId,
      ...(lambda !== undefined && { RotationLambdaARN: lambda }),
      RotationRules: settable(rules),
      RotateImmediately: false,
    }),
  }),
});

interface State {
  readonly is: RotationRulesType;
  readonly rotates: boolean;
  readonly place: SecretPlace;
  readonly lambda?: string;
}

function atMost(days: number): Wanted<RotationRulesType> {
  return {
    isMetBy: ({ AutomaticallyAfterDays: is }) => is !== undefined && is <= days,
    startingFrom: ({ Duration }) => ({ AutomaticallyAfterDays: days, ...(Duration && { Duration }) }),
  };
}
