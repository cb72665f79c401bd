import { UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineSetting, otherThan } from '../../../shared/bot/setting';
import { parsePolicy, principalsOf, statementsOf } from '../../../shared/policy/policy-document';
import { TRAIL, trailOf } from './lib/trails';

export const bot = defineSetting({
  ...TRAIL,
  id: 'cloudtrail_encrypt_log_files_using_existing_key',
  title: 'Encrypt a trail’s log files with a KMS key that is there',
  severity: 'medium',
  risk: 'disruptive',
  params: z.object({
    key: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('the key, in the region of the trail’s bucket: its id, ARN, or alias/name'),
  }),
  from: { key: 'config' },
  words: { order: ['key'] },
  permissions: {
    read: ['cloudtrail:GetTrail', 'kms:DescribeKey', 'kms:GetKeyPolicy'],
    write: ['cloudtrail:UpdateTrail'],
  },
  clients: { ...TRAIL.clients, kms: KMSClient },

  async inspect({ cloudtrail, kms }, { target, params: { key: KeyId } }): Promise<State> {
    const { KmsKeyId } = await trailOf(cloudtrail, target);
    const is = KmsKeyId ?? '';
    if (is !== '' || KeyId === undefined) return { is };
    const described = kms.send(new DescribeKeyCommand({ KeyId }));
    const { Arn, KeyState, KeySpec } =
      (await undefinedIfGone(described, 'NotFoundException'))?.KeyMetadata ?? {};
    if (Arn === undefined) return { is, obstacle: `there is no key ${KeyId} in ${target.region}` };
    if (KeyState !== 'Enabled' || KeySpec !== 'SYMMETRIC_DEFAULT')
      return {
        is,
        obstacle: `the key ${KeyId} is ${KeyState}, ${KeySpec}: a symmetric key that is enabled is needed`,
      };
    const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId: Arn, PolicyName: 'default' }));
    return letsCloudTrailIn(Policy)
      ? { is, key: Arn }
      : {
          is,
          key: Arn,
          obstacle: `the policy of the key ${KeyId} does not let cloudtrail.amazonaws.com encrypt`,
        };
  },
  want: (_params, { key = '' }) => otherThan('', key),
  says: 'the log files of the trail are not encrypted with a KMS key',
  obstacle({ is, obstacle }, { params: { key } }) {
    if (is !== '') return undefined;
    const held = key === undefined ? 'config.ts names no key for log files: give key' : obstacle;
    return held === undefined ? undefined : { held };
  },
  write: (KmsKeyId, { target: { id: Name } }) => ({
    cloudtrail: new UpdateTrailCommand({ Name, KmsKeyId }),
  }),
});

interface State {
  /** The key that the trail has; empty: none. */
  readonly is: string;
  /** The ARN of the key that it is to have. */
  readonly key?: string;
  /** Why it cannot have that. */
  readonly obstacle?: string;
}

function letsCloudTrailIn(policy: string): boolean {
  return statementsOf(parsePolicy(policy)).some(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      principalsOf(Principal).some(({ name }) => name === 'cloudtrail.amazonaws.com') &&
      [Action ?? []].flat().some((action) => /^(\*|kms:(\*|G.*))$/i.test(action)),
  );
}
