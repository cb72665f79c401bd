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
