import { CancelRotateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { SECRET, obstacleToSecret, readSecret, settable } from './lib/secrets';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...SECRET,
  id: 'secretsmanager_enable_rotation',
  title: 'Rotate a secret by itself',
  attribute: 'rotation',
  severity: 'medium',
  risk: 'disruptive',
  params: z.object({
    lambda: z
      .string()
      .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w:-]+$/)
      .optional()
      .describe('ARN of the function that rotates; held where neither this nor the secret names one'),
    days: z.int().min(1).max(1000).default(90).describe('days between rotations, where it has no schedule'),
  }),
  from: { lambda: 'config', days: 'config' },
  words: { order: ['lambda', 'days'] },
  permissions: {
    read: ['secretsmanager:DescribeSecret'],
    write: ['secretsmanager:RotateSecret', 'lambda:InvokeFunction'],
    undo: ['secretsmanager:CancelRotateSecret'],
  },

  async inspect({ secretsmanager }, { target }) {
    const { secret, place } = await readSecret(secretsmanager, target);
    const { RotationEnabled: is = false, RotationLambdaARN: lambda, RotationRules: rules } = secret;
    // Another service owns and rotates it; else the function by which it has rotated, if it has.
    const isManaged = secret.OwningService !== undefined;
    return { is, isManaged, place, ...(rules && { rules }), ...(lambda && { lambda }) };
  },
  want: true,
  says: 'the secret does not rotate: turn on rotation',
  obstacle({ place, isManaged, lambda }, { params }) {
    if (isManaged || lambda !== undefined || params.lambda !== undefined) return obstacleToSecret(place);
    return obstacleToSecret(place) ?? { held: 'name the function that rotates the secret: lambda=<ARN>' };
  },
  write: (on, { target: { id: SecretId }, params }, { isManaged, rules, lambda = params.lambda }) => ({
    secretsmanager: on
      ? new RotateSecretCommand({
          SecretId,
          ...(!isManaged && { RotationLambdaARN: lambda }),
          RotationRules: settable(rules ?? { AutomaticallyAfterDays: params.days }),
          RotateImmediately: false,
        })
      : new CancelRotateSecretCommand({ SecretId }),
  }),
});
