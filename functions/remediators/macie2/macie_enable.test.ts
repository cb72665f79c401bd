import { EnableMacieCommand, GetMacieSessionCommand, Macie2Client } from '@aws-sdk/client-macie2';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './macie_enable';

// Macie's session is local AWS's own: moto has no UpdateMacieSession, and Macie on in every account.
const session =
  (status: 'ENABLED' | 'PAUSED' | 'off') =>
  async ({ client, region }: Account) => {
    await client(Macie2Client, 'us-east-1').send(new EnableMacieCommand({ status: 'PAUSED' }));
    if (status !== 'off') await client(Macie2Client).send(new EnableMacieCommand({ status }));
    return region;
  };

testSetting(bot, {
  given: (account, value) => session(value)(account),
  wrong: 'off',
  right: 'ENABLED',
  violation: 'Macie is not on in the region',
  writes: ['macie2:EnableMacie'],
  untouched: ({ client }) =>
    client(Macie2Client, 'us-east-1')
      .send(new GetMacieSessionCommand({}))
      .then(({ status }) => status),
  more: {
    violating: [
      {
        name: 'paused',
        given: session('PAUSED'),
        violation: 'Macie is paused',
        writes: ['macie2:UpdateMacieSession'],
      },
    ],
  },
});
