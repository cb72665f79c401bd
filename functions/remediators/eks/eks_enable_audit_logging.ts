import { DescribeClusterCommand, EKSClient, UpdateClusterConfigCommand } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { defineSetting, includes } from '../../../shared/bot/setting';

const TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

export const bot = defineSetting({
  id: 'eks_enable_audit_logging',
  title: 'Log what the control plane of an EKS cluster is asked',
  attribute: 'logged types',
  resource: 'AWS::EKS::Cluster',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    types: z.array(z.enum(TYPES)).min(1).default(['audit']).describe('the logs that are wanted'),
  }),
  from: { types: 'config' },
  permissions: { read: ['eks:DescribeCluster'], write: ['eks:UpdateClusterConfig'] },
  clients: { eks: EKSClient },
  gone: ['ResourceNotFoundException'],

  async inspect({ eks }, { target: { id: name } }) {
    const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
    if (!cluster || cluster.status === 'DELETING') return undefined;
    const on = (cluster.logging?.clusterLogging ?? []).filter(({ enabled }) => enabled);
    return { is: on.flatMap(({ types = [] }) => types), status: cluster.status ?? '' };
  },
  want: ({ types }) => includes(types),
  says: ({ is }, { params: { types } }) =>
    `the control plane does not log ${types.filter((type) => !is.includes(type)).join(', ')}`,
  obstacle({ status }) {
    if (status === 'ACTIVE') return undefined;
    return status === 'FAILED' ? { held: 'the cluster is FAILED' } : { waiting: `the cluster is ${status}` };
  },
  write(types, { target: { id: name } }, { is }) {
    const off = is.filter((type) => !types.includes(type));
    const clusterLogging = [
      ...(types.length > 0 ? [{ types, enabled: true }] : []),
      ...(off.length > 0 ? [{ types: off, enabled: false }] : []),
    ];
    return { eks: new UpdateClusterConfigCommand({ name, logging: { clusterLogging } }) };
  },
});
