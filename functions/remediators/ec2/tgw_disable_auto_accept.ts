import { DescribeTransitGatewaysCommand, EC2Client, ModifyTransitGatewayCommand } from '@aws-sdk/client-ec2';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'tgw_disable_auto_accept',
  title: 'Let a transit gateway accept attachments only by hand',
  resource: 'AWS::EC2::TransitGateway',
  severity: 'high',
  risk: 'disruptive',
  permissions: { read: ['ec2:DescribeTransitGateways'], write: ['ec2:ModifyTransitGateway'] },
  clients: { ec2: EC2Client },
  gone: ['InvalidTransitGatewayID.NotFound'],

  async inspect({ ec2 }, { target: { id } }) {
    const read = new DescribeTransitGatewaysCommand({ TransitGatewayIds: [id] });
    const { TransitGateways = [] } = await ec2.send(read);
    const found = TransitGateways.find(({ State }) => State !== 'deleting' && State !== 'deleted');
    if (!found) return undefined;
    const { Options, State: status = '', OwnerId: owner = '' } = found;
    return { is: Options?.AutoAcceptSharedAttachments ?? 'disable', status, owner };
  },
  want: 'disable',
  says: 'the gateway accepts attachments of other accounts by itself',
  obstacle({ status, owner }, { target: { account } }) {
    if (owner !== account) return { held: `it belongs to account ${owner}, which alone can change it` };
    return status === 'available' ? undefined : { waiting: `it is ${status}` };
  },
  write: (AutoAcceptSharedAttachments, { target: { id } }) => ({
    ec2: new ModifyTransitGatewayCommand({ TransitGatewayId: id, Options: { AutoAcceptSharedAttachments } }),
  }),
});
