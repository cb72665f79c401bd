import type { ManagedBy, SnapshotBlockPublicAccessState } from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { scriptSnapshotBlock } from './fixtures/block-public';
import { bot } from './ebs_block_public_snapshots';

const region =
  (...block: [mode: SnapshotBlockPublicAccessState, ManagedBy?: ManagedBy]) =>
  (account: Account) => {
    scriptSnapshotBlock(account, ...block);
    return Promise.resolve(account.region);
  };

const writes = ['ec2:EnableSnapshotBlockPublicAccess'];

testBot(bot, {
  violating: [
    {
      name: 'not blocked at all',
      given: region('unblocked'),
      violation: 'public sharing of snapshots is unblocked: it must be block-all-sharing',
      writes,
      after: { is: 'block-all-sharing' },
    },
    {
      name: 'only new sharing is blocked; undo brings that mode back, not none',
      given: region('block-new-sharing'),
      violation: 'is block-new-sharing: it must be block-all-sharing',
      writes,
      after: { is: 'block-all-sharing' },
    },
    {
      name: 'new sharing alone is to be blocked',
      given: region('unblocked'),
      params: { mode: 'block-new-sharing' },
      violation: 'it must be block-new-sharing',
      writes,
      after: { is: 'block-new-sharing' },
    },
    {
      name: 'managed by the organisation',
      given: region('unblocked', 'declarative-policy'),
      violation: 'is unblocked',
      writes: [],
      held: /declarative policy of the organisation/,
    },
  ],
  compliant: [
    { name: 'all sharing is blocked', given: region('block-all-sharing') },
    {
      name: 'a stronger mode than the wanted one is not weakened',
      given: region('block-all-sharing'),
      params: { mode: 'block-new-sharing' },
    },
  ],
});
