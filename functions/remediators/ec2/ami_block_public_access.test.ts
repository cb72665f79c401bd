import type { ManagedBy } from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { scriptImageBlock } from './fixtures/block-public';
import { bot } from './ami_block_public_access';

const region =
  (...block: [mode: string, ManagedBy?: ManagedBy, slowly?: number]) =>
  (account: Account) => {
    scriptImageBlock(account, ...block);
    return Promise.resolve(account.region);
  };

const writes = ['ec2:EnableImageBlockPublicAccess'];

testBot(bot, {
  violating: [
    {
      name: 'not blocked',
      given: region('unblocked'),
      violation: 'AMIs can be made public',
      writes,
      after: { is: true },
    },
    {
      name: 'AWS shows the change only later',
      given: region('unblocked', 'account', 1),
      violation: 'AMIs can be made public',
      writes,
      after: { is: true },
    },
    {
      name: 'managed by the organisation',
      given: region('unblocked', 'declarative-policy'),
      violation: 'AMIs can be made public',
      writes: [],
      held: /declarative policy of the organisation/,
    },
  ],
  compliant: [{ name: 'blocked', given: region('block-new-sharing') }],
});
