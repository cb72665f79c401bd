import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { ALL_BLOCKED, blockOf, whatIsOpen } from './lib/public-access-block';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 's3_block_account_public_access',
  title: 'Block all public access to every S3 bucket of an account',
  resource: 'AWS::::Account',
  severity: 'high',
  risk: 'disruptive',
  permissions: { read: ['s3:GetAccountPublicAccessBlock'], write: ['s3:PutAccountPublicAccessBlock'] },
  controls: {
    securityHub: ['S3.1'],
    cis: { '3.0': ['2.1.4'], '5.0': ['2.1.4'], '6.0': ['3.1.4'], '7.0': ['3.1.4'] },
    config: ['S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS', 'S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC'],
    prowler: ['s3_account_level_public_access_blocks'],
  },
  docs: {
    why: 'The switch of the account holds for all its buckets and access points, also for those that somebody makes tomorrow.',
    effect: [
      'Strangers are refused at every bucket of the account, in all regions: static websites served straight from S3, public downloads and images. Single buckets cannot be excepted, so look for buckets that are public on purpose first.',
      'While the policy of a bucket is public, other accounts that it names are refused too; the settings, ACLs and policies of the buckets are not changed.',
      'Undo brings back the exact flags, or none where there were none.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html',
    ],
  },
  clients: { s3control: S3ControlClient },

  async inspect({ s3control }, { target }) {
    const read = s3control.send(new GetPublicAccessBlockCommand({ AccountId: target.account }));
    return { is: blockOf(await undefinedIfGone(read, 'NoSuchPublicAccessBlockConfiguration')) };
  },
  want: ALL_BLOCKED,
  says: (state) => whatIsOpen(state),
  write: (block, { target }) => ({
    s3control: block
      ? new PutPublicAccessBlockCommand({ AccountId: target.account, PublicAccessBlockConfiguration: block })
      : new DeletePublicAccessBlockCommand({ AccountId: target.account }),
  }),
});
