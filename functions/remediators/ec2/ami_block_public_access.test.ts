import type { ManagedBy } from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ami_block_public_access';

// moto lacks GetImageBlockPublicAccessState, EnableImageBlockPublicAccess, DisableImageBlockPublicAccess.
const region =
  (mode: string, ManagedBy: ManagedBy = 'account', slowly = 0) =>
  ({ script, region }: Account) => {
    let shown = mode;
    let next = mode;
    let reads = 0;
    const set = (to: string) => {
      next = to;
      reads = 0;
      return { ImageBlockPublicAccessState: to };
    };
    script({
      GetImageBlockPublicAccessState: () => {
        if (reads++ >= slowly) shown = next;
        return { ImageBlockPublicAccessState: shown, ManagedBy };
      },
      EnableImageBlockPublicAccess: ({ ImageBlockPublicAccessState }) =>
        set(String(ImageBlockPublicAccessState)),
      DisableImageBlockPublicAccess: () => set('unblocked'),
    });
    return Promise.resolve(region);
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
