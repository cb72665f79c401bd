import {
  AttachInternetGatewayCommand,
  DeleteInternetGatewayCommand,
  DetachInternetGatewayCommand,
  paginateDescribeInternetGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { VPC } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  ...VPC,
  id: 'igw_delete',
  title: 'Take the internet gateway off a VPC',
  severity: 'high',
  risk: 'destructive',
  kind: 'response',
  params: z.object({
    mode: z.enum(['detach', 'delete']).default('detach').describe('whether the gateway is deleted too'),
  }),
  from: { mode: 'config' },
  permissions: {
    read: ['ec2:DescribeInternetGateways', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeRouteTables'],
    write: ['ec2:DetachInternetGateway', 'ec2:DeleteInternetGateway'],
    undo: ['ec2:AttachInternetGateway'],
  },

  async inspect({ ec2: client }, { target: { id } }): Promise<State> {
    const gateways: string[] = [];
    const attached = { Filters: [{ Name: 'attachment.vpc-id', Values: [id] }] };
    for await (const page of paginateDescribeInternetGateways({ client }, attached))
      gateways.push(...(page.InternetGateways ?? []).map(({ InternetGatewayId = '' }) => InternetGatewayId));
    if (gateways.length === 0) return { gateways, reached: [], routes: [] };
    const Filters = [{ Name: 'vpc-id', Values: [id] }];
    const reached: string[] = [];
    for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces(
      { client },
      { Filters },
    )) {
      for (const { NetworkInterfaceId = '', Association } of NetworkInterfaces)
        if (Association?.PublicIp !== undefined)
          reached.push(`${NetworkInterfaceId} (${Association.PublicIp})`);
    }
    const routes: string[] = [];
    for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client }, { Filters })) {
      for (const { RouteTableId = '', Routes = [] } of RouteTables)
        if (Routes.some(({ GatewayId = '' }) => gateways.includes(GatewayId))) routes.push(RouteTableId);
    }
    return { gateways, reached: reached.sort(), routes: routes.sort() };
  },

  check({ gateways, routes }) {
    if (gateways.length === 0) return undefined;
    const by = routes.length > 0 ? `, to which ${routes.join(', ')} lead` : '';
    return `the VPC has the internet gateway ${gateways.join(', ')}${by}`;
  },

  plan({ gateways, reached }, { target: { id: VpcId }, params: { mode } }) {
    if (reached.length > 0) return { held: `these have public addresses: ${reached.join(', ')}` };
    return gateways.flatMap((InternetGatewayId) => [
      { ec2: new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }) },
      ...afterwards(
        mode === 'delete' ? [{ ec2: new DeleteInternetGatewayCommand({ InternetGatewayId }) }] : [],
      ),
    ]);
  },

  undo({ gateways }, { target: { id: VpcId }, params: { mode }, now }) {
    const lost = gateways.filter((id) => !now.gateways.includes(id));
    if (lost.length > 0 && mode === 'delete')
      return { irreversible: 'the gateway was deleted: one made anew has another id' };
    return lost.map((InternetGatewayId) => ({
      ec2: new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }),
    }));
  },

  footprint: ({ gateways }) => ({ gateways }),
});

interface State {
  readonly gateways: readonly string[];
  /** Interfaces with public addresses. */
  readonly reached: readonly string[];
  /** Route tables that lead to a gateway. */
  readonly routes: readonly string[];
}
