import { CreateVolumeCommand, EC2Client } from '@aws-sdk/client-ec2';
import { plan, selectionsOfOthers } from './fixtures/plans';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ebs_add_to_backup_plan';

const volume = async ({ client }: Account) => {
  const { VolumeId = '' } = await client(EC2Client).send(
    new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 1 }),
  );
  return VolumeId;
};

testBot(bot, {
  violating: [
    {
      name: 'the plan includes others',
      given: async (account) => {
        await plan(account, { Resources: ['arn:aws:dynamodb:*'] });
        return volume(account);
      },
      params: { plan: 'daily' },
      violation: 'no backup plan includes it',
      writes: ['backup:CreateBackupSelection'],
      untouched: selectionsOfOthers,
    },
  ],
  compliant: [
    {
      name: 'with everything',
      given: async (account) => {
        await plan(account, { Resources: ['*'] });
        return volume(account);
      },
    },
  ],
  gone: 'vol-0a1b2c3d4e5f60718',
});
