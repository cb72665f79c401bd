import {
  ModifyDBParameterGroupCommand,
  type RDSClient,
  paginateDescribeDBInstances,
  paginateDescribeDBParameters,
} from '@aws-sdk/client-rds';
import * as z from 'zod';
import { DB_INSTANCE, dbInstance } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_require_tls',
  title: 'Refuse connections to a database instance that are not encrypted',
  severity: 'medium',
  risk: 'disruptive',
  recheck: 'daily',
  params: z.object({
    shared: z
      .boolean()
      .default(false)
      .describe(
        'also change a parameter group that other instances have, which refuse such connections too then',
      ),
  }),
  from: { shared: 'config' },
  permissions: {
    read: ['rds:DescribeDBInstances', 'rds:DescribeDBParameters'],
    write: ['rds:ModifyDBParameterGroup'],
  },
  ...DB_INSTANCE,

  async inspect({ rds }, { target: { id } }): Promise<State | undefined> {
    const found = await dbInstance(rds, id);
    if (!found) return undefined;
    const { Engine = '', DBClusterIdentifier, DBParameterGroups: [own] = [] } = found;
    const name = DBClusterIdentifier === undefined ? parameterOf(Engine) : undefined;
    const group = own?.DBParameterGroupName ?? '';
    const parameter = name === undefined ? undefined : await parameterIn(rds, group, name);
    if (name === undefined || !parameter) return { is: '0', group, others: [], ...(name && { name }) };
    const is = parameter.ParameterValue ?? '0';
    const others = isOn(is) ? [] : await sharing(rds, group, id);
    return {
      is,
      group,
      others,
      name,
      apply: parameter.ApplyType === 'dynamic' ? 'immediate' : 'pending-reboot',
    };
  },
  want: { isMetBy: isOn, startingFrom: () => '1' },
  says: ({ name }) => `the database takes connections that are not encrypted (${name})`,
  obstacle({ name, apply, group, others }, { params: { shared } }) {
    if (name === undefined) return { notApplicable: 'no parameter of its own group says so' };
    if (group.startsWith('default.')) {
      return {
        held: `${group} is a default group, which nobody can change: give the instance a group of its own`,
      };
    }
    if (!apply) return { held: `its engine version has no parameter ${name}: upgrade it` };
    return others.length > 0 && !shared
      ? {
          held: `${others.join(', ')} have the parameter group ${group} too: say shared in config.ts, or part them`,
        }
      : undefined;
  },
  write: (ParameterValue, _context, { group, name, apply }) => ({
    rds: new ModifyDBParameterGroupCommand({
      DBParameterGroupName: group,
      Parameters: [{ ParameterName: name, ParameterValue, ApplyMethod: apply }],
    }),
  }),
});

interface State {
  readonly is: string;
  readonly group: string;
  /** Other instances with this group. */
  readonly others: readonly string[];
  /** The parameter; absent: the engine has none, or its cluster has it. */
  readonly name?: string;
  /** When a change takes effect; absent: this version of the engine has no such parameter. */
  readonly apply?: 'immediate' | 'pending-reboot';
}

function parameterOf(engine: string): string | undefined {
  if (/^(mysql|mariadb)$/.test(engine)) return 'require_secure_transport';
  return /^(postgres$|sqlserver-)/.test(engine) ? 'rds.force_ssl' : undefined;
}

function isOn(value: string): boolean {
  return /^(1|on|true)$/i.test(value);
}

async function parameterIn(client: RDSClient, DBParameterGroupName: string, name: string) {
  for await (const { Parameters = [] } of paginateDescribeDBParameters(
    { client },
    { DBParameterGroupName },
  )) {
    const found = Parameters.find(({ ParameterName }) => ParameterName === name);
    if (found) return found;
  }
  return undefined;
}

/** The other instances with that group. */
async function sharing(client: RDSClient, group: string, id: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client }, {}))
    for (const { DBInstanceIdentifier: name = '', DBParameterGroups = [] } of DBInstances)
      if (name !== id && DBParameterGroups.some((one) => one.DBParameterGroupName === group))
        names.push(name);
  return names.sort();
}
