import {
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
} from '@aws-sdk/client-ec2';
import { testSetting } from '../../../testing/setting';
import { bot } from './ec2_enable_ebs_encryption';

testSetting(bot, {
  wrong: false,
  right: true,
  given: async ({ client, region }, on) => {
    if (on) await client(EC2Client).send(new EnableEbsEncryptionByDefaultCommand({}));
    return region;
  },
  violation: 'new EBS volumes are not encrypted by default',
  writes: ['ec2:EnableEbsEncryptionByDefault'],
  // GetEbsDefaultKmsKeyId, which also stays: moto lacks it.
  untouched: async ({ client }) => {
    const elsewhere = client(EC2Client, 'us-east-1');
    return (await elsewhere.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault;
  },
});
