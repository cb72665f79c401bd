import {
  AcceptHandshakeCommand,
  DescribeOrganizationCommand,
  EnableAllFeaturesCommand,
  OrganizationsClient,
  paginateListHandshakesForOrganization,
} from '@aws-sdk/client-organizations';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'organizations_enable_all_features',
  title: 'Enable all features of an organization',
  attribute: 'feature set',
  resource: 'AWS::::Account',
  severity: 'medium',
  risk: 'destructive',
  kind: 'response',
  passes: 2,
  permissions: {
    read: ['organizations:DescribeOrganization', 'organizations:ListHandshakesForOrganization'],
    write: [
      'organizations:EnableAllFeatures',
      'organizations:AcceptHandshake',
      'iam:CreateServiceLinkedRole',
    ],
    only: { 'iam:CreateServiceLinkedRole': 'role/aws-service-role/organizations.amazonaws.com/*' },
  },
  clients: { organizations: OrganizationsClient },

  async inspect({ organizations: client }, { target: { account } }): Promise<State> {
    const reply = await undefinedIfGone(
      client.send(new DescribeOrganizationCommand({})),
      'AWSOrganizationsNotInUseException',
    );
    const { FeatureSet: is = 'none', MasterAccountId: management = account } = reply?.Organization ?? {};
    if (is !== 'CONSOLIDATED_BILLING' || management !== account) return { is, management };
    const Filter = { ActionType: 'ENABLE_ALL_FEATURES' } as const;
    for await (const page of paginateListHandshakesForOrganization({ client }, { Filter })) {
      const open = page.Handshakes?.find(({ State: state }) => state === 'OPEN' || state === 'REQUESTED');
      if (open) return { is, management, handshake: { id: open.Id ?? '', agreed: open.State === 'OPEN' } };
    }
    return { is, management };
  },
  want: 'ALL',
  says: 'the organization has consolidated billing only',
  obstacle({ is, management, handshake }, { target: { account } }) {
    if (is === 'none') return { notApplicable: 'the account is in no organization' };
    if (management !== account) return { held: `only the management account ${management} can enable them` };
    return handshake && !handshake.agreed
      ? { held: 'members that were invited have not agreed yet: AWS has written to them' }
      : undefined;
  },
  write: (_value, _context, { handshake }) => ({
    organizations: handshake
      ? new AcceptHandshakeCommand({ HandshakeId: handshake.id })
      : new EnableAllFeaturesCommand({}),
  }),
  oneWay: 'an organization does not go back to consolidated billing alone',
});

interface State {
  readonly is: 'ALL' | 'CONSOLIDATED_BILLING' | 'none';
  readonly management: string;
  /** What has been asked for already, and whether all members that were asked have agreed. */
  readonly handshake?: { readonly id: string; readonly agreed: boolean };
}
