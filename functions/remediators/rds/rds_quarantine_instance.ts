import { EC2Client } from '@aws-sdk/client-ec2';
import { ModifyDBClusterCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { type QuarantineGroups, leakIn, prepareQuarantine, quarantineGroups } from '../ec2/lib/quarantine';
import { NO_SUCH_INSTANCE, dbInstance, notReady, findInstance } from './lib/rds';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  cluster: z
    .boolean()
    .default(false)
    .describe('true: an instance of a cluster is quarantined with all other instances of that cluster'),
});

export const bot = defineBot({
  id: 'rds_quarantine_instance',
  title: 'Quarantine a database instance: no traffic in, none out',
  resource: 'AWS::RDS::DBInstance',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  passes: 3,
  params,
  from: { cluster: 'config' },
  words: { order: ['cluster'] },
  permissions: {
    read: ['rds:DescribeDBInstances', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: [
      'ec2:CreateSecurityGroup',
      'ec2:CreateTags',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
      'rds:ModifyDBCluster',
      'rds:ModifyDBInstance',
    ],
    undo: ['rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
  },
  finder: findInstance,
  clients: { ec2: EC2Client, rds: RDSClient },
  gone: [NO_SUCH_INSTANCE],

  async inspect({ ec2, rds }, { target: { id } }): Promise<State | undefined> {
    const found = await dbInstance(rds, id);
    if (!found) return undefined;
    const { VpcSecurityGroups = [], DBInstanceStatus: status = '', DBClusterIdentifier: cluster } = found;
    const vpc = found.DBSubnetGroup?.VpcId ?? '';
    return {
      vpc,
      status,
      ...(cluster !== undefined && { cluster }),
      custom: found.Engine?.startsWith('custom-') ?? false,
      groups: VpcSecurityGroups.filter(({ Status }) => Status !== 'removing')
        .map(({ VpcSecurityGroupId = '' }) => VpcSecurityGroupId)
        .sort(),
      settled: VpcSecurityGroups.every(({ Status }) => Status === 'active'),
      quarantine: await quarantineGroups(ec2, [vpc]),
    };
  },

  check(state) {
    if (!isIsolated(state)) return `not in quarantine: its security groups are ${state.groups.join(', ')}`;
    if (!state.settled) return 'not in quarantine: RDS is still changing its security groups';
    return leakIn(state.quarantine);
  },

  plan(state, { target: { id }, params: { cluster } }) {
    if (state.custom) return { held: 'RDS Custom does not let its security groups be changed here' };
    if (state.cluster !== undefined && !cluster) {
      return {
        held: `its security groups are those of all instances of ${state.cluster}: cluster=true cuts all of them off`,
      };
    }
    const first = prepareQuarantine([state.vpc], state.quarantine);
    if ('held' in first || first.length > 0) return first;
    if (isIsolated(state)) return { waiting: 'RDS is still changing its security groups' };
    return notReady(state.status) ?? [modify(id, state, [state.quarantine[state.vpc]?.id ?? ''])];
  },

  undo: (before, { target: { id }, now }) =>
    before.groups.join() === now.groups.join() ? [] : [modify(id, now, before.groups)],

  footprint: ({ groups }) => ({ groups }),
});

interface State {
  readonly vpc: string;
  readonly status: string;
  /** Where it belongs to one, whose groups they then are. */
  readonly cluster?: string;
  readonly custom: boolean;
  readonly groups: readonly string[];
  /** The groups are in force, and no others are. */
  readonly settled: boolean;
  readonly quarantine: QuarantineGroups;
}

function isIsolated({ vpc, groups, quarantine }: State): boolean {
  return groups.length === 1 && groups[0] === quarantine[vpc]?.id;
}

/** Without ApplyImmediately, which would bring pending changes forward; RDS does not wait with groups. */
function modify(DBInstanceIdentifier: string, { cluster }: State, groups: readonly string[]) {
  const VpcSecurityGroupIds = [...groups];
  return cluster === undefined
    ? { rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier, VpcSecurityGroupIds }) }
    : { rds: new ModifyDBClusterCommand({ DBClusterIdentifier: cluster, VpcSecurityGroupIds }) };
}
