import { GetFindingsPublicationConfigurationCommand, Macie2Client } from '@aws-sdk/client-macie2';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { scriptMacie } from './fixtures/session';
import { bot } from './macie_enable';

const session = (status: string) => (account: Account) => {
  scriptMacie(account, status);
  account.script({
    GetFindingsPublicationConfiguration: () => ({
      securityHubConfiguration: { publishPolicyFindings: true },
    }),
  });
  return Promise.resolve(account.region);
};

testSetting(bot, {
  given: (account, value) => session(value)(account),
  wrong: 'off',
  right: 'ENABLED',
  violation: 'Macie is not on in the region',
  writes: ['macie2:EnableMacie'],
  untouched: ({ client }) =>
    client(Macie2Client)
      .send(new GetFindingsPublicationConfigurationCommand({}))
      .then(({ securityHubConfiguration }) => securityHubConfiguration),
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
