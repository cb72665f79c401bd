import {
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ec2_enable_ebs_encryption';

const elsewhere = async ({ client }: Account) =>
  (await client(EC2Client, 'us-east-1').send(new GetEbsEncryptionByDefaultCommand({})))
    .EbsEncryptionByDefault;

testBot(bot, {
  violating: [
    {
      name: 'a region without encryption by default; another one is left alone',
      given: ({ region }) => Promise.resolve(region),
      violation: 'new EBS volumes are not encrypted by default',
      writes: ['ec2:EnableEbsEncryptionByDefault'],
      after: { is: true },
      untouched: elsewhere,
    },
  ],
  compliant: [
    {
      name: 'on already',
      given: async ({ client, region }) => {
        await client(EC2Client).send(new EnableEbsEncryptionByDefaultCommand({}));
        return region;
      },
    },
  ],
});
