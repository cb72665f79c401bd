import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import type { Wanted } from '../../../../shared/bot/setting';

/** By this name KMS says that there is no such key. */
const NO_SUCH_KEY = 'NotFoundException';

/** What all bots on keys share. */
export const KEY = {
  resource: 'AWS::KMS::Key',
  clients: { kms: KMSClient },
  gone: [NO_SUCH_KEY],
} as const;

/** What names a key: its id, an alias, or the ARN of either. */
export const KEY_NAME = /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/|alias\/)?[\w/-]{1,256}$/;

/** The key of a service that AWS manages, by its alias. */
export function isAwsKey(name: string): boolean {
  return /(^|:)alias\/aws\//.test(name);
}

/**
 * Encryption by a key: the one that is named, where there is none. Any key is enough where the named one is AWS's; any
 * but AWS's where it is one of the account's own, so that nothing is ever made weaker. `''`: no key.
 */
export function encryptedWith(name: string): Wanted<string> {
  return {
    isMetBy: (is) => is !== '' && (isAwsKey(name) || !isAwsKey(is)),
    startingFrom: () => name,
    backTo: (before) => before,
  };
}

/**
 * Why a service cannot encrypt with that key in that region; `undefined`: it can. Reads `kms:DescribeKey`. Keys of AWS
 * are not read: KMS makes them when they are first used.
 */
export async function obstacleToKey(
  kms: KMSClient,
  name: string,
  region: string,
): Promise<string | undefined> {
  if (isAwsKey(name)) return undefined;
  const [, , , of] = name.split(':');
  if (of !== undefined && of !== region) return `the key ${name} is not in ${region}`;
  const found = await undefinedIfGone(kms.send(new DescribeKeyCommand({ KeyId: name })), NO_SUCH_KEY);
  const { KeyState = 'unknown', KeySpec = 'unknown' } = found?.KeyMetadata ?? {};
  if (!found) return `there is no key ${name} in ${region}`;
  return KeyState === 'Enabled' && KeySpec === 'SYMMETRIC_DEFAULT'
    ? undefined
    : `the key ${name} is ${KeyState} and ${KeySpec}: it must be Enabled and SYMMETRIC_DEFAULT`;
}
