import {
  CreateOrganizationCommand,
  ListRootsCommand,
  type OrganizationFeatureSet,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './organizations_enable_all_features';

/**
 * An organization. EnableAllFeatures, ListHandshakesForOrganization and AcceptHandshake: moto has none of them. As at
 * AWS, all that were invited have to agree first, and then the management account.
 */
const organization =
  (given: OrganizationFeatureSet, { invited = false, MasterAccountId = '' } = {}) =>
  async ({ account, client, script }: Account) => {
    await client(OrganizationsClient).send(new CreateOrganizationCommand({ FeatureSet: given }));
    let FeatureSet = given;
    let Handshakes: object[] = [];
    script({
      DescribeOrganization: () => ({
        Organization: { FeatureSet, MasterAccountId: MasterAccountId || account },
      }),
      ListHandshakesForOrganization: () => ({ Handshakes }),
      EnableAllFeatures: () => {
        Handshakes = [{ Id: 'h-1', State: invited ? 'REQUESTED' : 'OPEN' }];
        return { Handshake: Handshakes[0] };
      },
      AcceptHandshake: () => {
        FeatureSet = 'ALL';
        return {};
      },
    });
    return account;
  };

const violation = 'the organization has consolidated billing only';
const ENABLE = 'organizations:EnableAllFeatures';

testBot(bot, {
  violating: [
    {
      name: 'an organization without accounts that were invited',
      given: organization('CONSOLIDATED_BILLING'),
      violation,
      writes: [ENABLE, 'organizations:AcceptHandshake'],
      after: { is: 'ALL' },
      untouched: ({ client }) =>
        client(OrganizationsClient)
          .send(new ListRootsCommand({}))
          .then(({ Roots }) => Roots),
      irreversible: /does not go back/,
    },
    {
      name: 'a member',
      given: organization('CONSOLIDATED_BILLING', { MasterAccountId: '444455556666' }),
      violation,
      writes: [],
      held: /only the management account 444455556666/,
    },
  ],
  compliant: [
    { name: 'all features already', given: organization('ALL') },
    { name: 'in no organization', given: ({ account }) => Promise.resolve(account) },
  ],
});

test('members that were invited are waited for', () => {
  const target = { account: '111122223333', region: 'us-east-1', type: bot.resource, id: '111122223333' };
  const handshake = { id: 'h-1', agreed: false };
  const state = { is: 'CONSOLIDATED_BILLING', management: '111122223333', handshake } as const;
  expect(bot.plan(state, { target, params: {} })).toMatchObject({ held: /have not agreed/ });
});
