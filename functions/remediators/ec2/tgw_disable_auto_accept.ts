import { DescribeTransitGatewaysCommand, EC2Client, ModifyTransitGatewayCommand } from '@aws-sdk/client-ec2';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'tgw_disable_auto_accept',
  title: 'Let a transit gateway accept attachments only by hand',
  resource: 'AWS::EC2::TransitGateway',
  severity: 'high',
  risk: 'disruptive',
  permissions: { read: ['ec2:DescribeTransitGateways'], write: ['ec2:ModifyTransitGateway'] },
  controls: {
    securityHub: ['EC2.23'],
    config: ['EC2_TRANSIT_GATEWAY_AUTO_VPC_ATTACH_DISABLED'],
    prowler: ['ec2_transitgateway_auto_accept_vpc_attachments'],
  },
  docs: {
    why: 'Any account that the gateway is shared with can connect a network of its own to yours, and nobody is asked.',
    effect: [
      'New attachments of other accounts wait until somebody accepts them; those that are there stay.',
      'A gateway that another account shares is held, as only its owner can change it; one that is being modified is waited for.',
      'Undo lets it accept by itself again.',
    ],
    references: ['https://docs.aws.amazon.com/vpc/latest/tgw/tgw-modifying.html'],
  },
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
