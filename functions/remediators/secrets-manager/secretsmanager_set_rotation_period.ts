import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { SECRET, obstacleToSecret, readSecret, settable } from './lib/secrets';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...SECRET,
  id: 'secretsmanager_set_rotation_period',
  title: 'Rotate a secret often enough',
  severity: 'medium',
  risk: 'disruptive',
  recheck: 'daily',
  params: z.object({
    days: z.int().min(1).max(1000).default(90).describe('days between rotations, at most'),
  }),
  from: { days: 'config' },
  words: { order: ['days'] },
  permissions: {
    read: ['secretsmanager:DescribeSecret'],
    write: ['secretsmanager:RotateSecret', 'lambda:InvokeFunction'],
  },

  async inspect({ secretsmanager }, { target }) {
    const { secret, place } = await readSecret(secretsmanager, target);
    const { RotationEnabled: rotates = false, RotationRules: is = {}, RotationLambdaARN: lambda } = secret;
    return { is, rotates, place, ...(lambda && { lambda }) };
  },
  want: ({ days }) => ({
    isMetBy: ({ AutomaticallyAfterDays: is }) => is !== undefined && is <= days,
    startingFrom: ({ Duration }) => ({ AutomaticallyAfterDays: days, ...(Duration && { Duration }) }),
  }),
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
