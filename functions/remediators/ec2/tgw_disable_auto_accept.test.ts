import {
  type AutoAcceptSharedAttachmentsValue,
  CreateTransitGatewayCommand,
  DescribeTransitGatewaysCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { testSetting } from '../../../testing/setting';
import { bot } from './tgw_disable_auto_accept';

testSetting(bot, {
  wrong: 'enable',
  right: 'disable',
  given: async ({ client }, AutoAcceptSharedAttachments: AutoAcceptSharedAttachmentsValue) => {
    const create = new CreateTransitGatewayCommand({
      Description: 'hub',
      Options: { AutoAcceptSharedAttachments, DnsSupport: 'enable', AmazonSideAsn: 64_513 },
    });
    const [, made] = [await client(EC2Client).send(create), await client(EC2Client).send(create)];
    return made.TransitGateway?.TransitGatewayId ?? '';
  },
  violation: 'the gateway accepts attachments of other accounts by itself',
  writes: ['ec2:ModifyTransitGateway'],
  untouched: async ({ client }, id) => {
    const { TransitGateways = [] } = await client(EC2Client).send(new DescribeTransitGatewaysCommand({}));
    return TransitGateways.map(({ Options: { AutoAcceptSharedAttachments, ...options } = {}, ...rest }) =>
      rest.TransitGatewayId === id ? [rest, options] : [rest, options, AutoAcceptSharedAttachments],
    );
  },
  gone: 'tgw-0a1b2c3d4e5f60718',
});

describe('tgw_disable_auto_accept', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'tgw-1' };
  const context = { target, params: {} };
  const open = { is: 'enable' as const, status: 'available', owner: target.account };

  test('one of another account is held', () => {
    expect(bot.plan({ ...open, owner: '210987654321' }, context)).toEqual({
      held: expect.stringContaining('210987654321'),
    });
  });

  test('one that is being modified is waited for', () => {
    expect(bot.plan({ ...open, status: 'modifying' }, context)).toEqual({
      waiting: expect.stringContaining('modifying'),
    });
  });
});
