import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { EC2Client, ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { liveInstance } from './lib/instances';
import { INSTANCE } from './lib/types';
import { defineSetting } from '../../../shared/bot/setting';

const DAY_MS = 86_400_000;

export const bot = defineSetting({
  ...INSTANCE,
  id: 'ec2_require_imdsv2',
  title: 'Require IMDSv2 on an EC2 instance',
  severity: 'high',
  risk: 'disruptive',
  params: z.object({
    quietDays: z
      .int()
      .min(0)
      .max(30)
      .default(7)
      .describe('hold where IMDSv1 was used in the last so many days; 0 does not look'),
  }),
  from: { quietDays: 'config' },
  permissions: {
    read: ['ec2:DescribeInstances', 'cloudwatch:GetMetricStatistics'],
    write: ['ec2:ModifyInstanceMetadataOptions'],
  },
  clients: { ec2: EC2Client, cloudwatch: CloudWatchClient },

  async inspect({ ec2, cloudwatch }, { target: { id }, params: { quietDays } }) {
    const { MetadataOptions: options } = (await liveInstance(ec2, id)) ?? {};
    if (!options) return undefined;
    const { HttpTokens = 'optional', HttpPutResponseHopLimit: hopLimit = 1 } = options;
    const on = options.HttpEndpoint !== 'disabled';
    const open = on && HttpTokens !== 'required';
    const used = open && quietDays > 0 ? await usesOfV1(cloudwatch, id, quietDays) : 0;
    return { is: HttpTokens, on, hopLimit, used };
  },
  want: 'required',
  says: 'the instance metadata service answers without a token: require IMDSv2',
  obstacle({ on, used }, { params: { quietDays } }) {
    if (!on) return { notApplicable: 'the service is turned off' };
    if (used === 0) return undefined;
    const held = `its software used IMDSv1 ${used} times in the last ${quietDays} days: update that first, or set quietDays=0`;
    return { held };
  },
  // EC2 takes the other two only beside HttpEndpoint.
  write: (HttpTokens, { target: { id: InstanceId } }, { on, hopLimit: HttpPutResponseHopLimit }) => ({
    ec2: new ModifyInstanceMetadataOptionsCommand({
      ...{ InstanceId, HttpTokens, HttpPutResponseHopLimit },
      HttpEndpoint: on ? 'enabled' : 'disabled',
    }),
  }),
});

/** Source: EC2 User Guide, transition to IMDSv2: MetadataNoToken counts the answers to requests of IMDSv1. */
async function usesOfV1(cloudwatch: CloudWatchClient, instance: string, days: number): Promise<number> {
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/EC2',
      MetricName: 'MetadataNoToken',
      Dimensions: [{ Name: 'InstanceId', Value: instance }],
      StartTime: new Date(Date.now() - days * DAY_MS),
      EndTime: new Date(),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
