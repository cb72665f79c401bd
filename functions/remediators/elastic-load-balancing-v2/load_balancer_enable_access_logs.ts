import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { LOGS, deliveryTo, logBucketOf } from './lib/access-logs';
import { attributesOf, kindOf, setAttributes } from './lib/balancer';
import { CLASSIC, classicAttributes, setClassic } from '../elastic-load-balancing/lib/classic';
import { type LogBucket, openLogBucket, readLogBucket } from '../s3/lib/log-bucket';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import type { Target } from '../../../shared/resources/target';

export const bot = defineBot({
  id: 'load_balancer_enable_access_logs',
  title: 'Log the requests to a load balancer',
  resource: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  alsoOn: [CLASSIC.resource],
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]+$/)
      .optional()
      .describe(
        'a bucket whose policy lets the load balancers deliver; without it, one is made in the account',
      ),
  }),
  from: { bucket: 'config' },
  permissions: {
    read: [
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancerAttributes',
      ...LOGS.read,
    ],
    write: [...LOGS.write, 'elasticloadbalancing:ModifyLoadBalancerAttributes'],
    undo: ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  },
  clients: {
    elasticloadbalancing: ElasticLoadBalancingV2Client,
    elb: ElasticLoadBalancingClient,
    s3: S3Client,
  },
  gone: ['LoadBalancerNotFoundException', ...CLASSIC.gone],

  async inspect({ elasticloadbalancing, elb, s3 }, { target, params }): Promise<State> {
    const logs = await logsOf({ elasticloadbalancing, elb }, target.id);
    if (logs.on || kindOf(target.id) === 'gateway') return { logs, cannot: !logs.on };
    if (kindOf(target.id) === 'network') {
      const read = new DescribeListenersCommand({ LoadBalancerArn: target.id });
      const { Listeners = [] } = await elasticloadbalancing.send(read);
      if (!Listeners.some(({ Protocol }) => Protocol === 'TLS')) return { logs, cannot: true };
    }
    const found = params.bucket === undefined ? await readLogBucket(s3, logBucketOf(target)) : undefined;
    return { logs, cannot: false, ...(found && { logBucket: found }) };
  },

  check: ({ logs, cannot }) =>
    logs.on || cannot ? undefined : 'requests to the load balancer are not logged: turn access logs on',

  plan({ logBucket, logs }, { target, params }) {
    const own = logBucketOf(target);
    if (logBucket && logBucket.region !== own.region) {
      return {
        held: `the log bucket ${own.id} lies in ${logBucket.region}, and load balancers deliver logs within ${own.region} only`,
      };
    }
    if (logBucket?.isKms) {
      return {
        held: `load balancers cannot deliver logs into ${own.id}, whose default encryption is by KMS`,
      };
    }
    const turnOn = setLogs(target, { ...logs, on: true, bucket: params.bucket ?? own.id, prefix: '' });
    if (params.bucket !== undefined) return [turnOn];
    return [
      ...openLogBucket(own, logBucket, deliveryTo(own, kindOf(target.id)), 'access-logs'),
      ...afterwards([turnOn]),
    ];
  },

  undo: ({ logs }, { target }) => [setLogs(target, logs)],

  // Of logs that are off, it does not matter where they would go.
  footprint: ({ logs }) => (logs.on ? logs : { on: false }),
});

interface State {
  readonly logs: Logs;
  /** There is nothing that it could log. */
  readonly cannot: boolean;
  /** The bucket that is to take the logs, where it is there. */
  readonly logBucket?: LogBucket;
}

interface Logs {
  readonly on: boolean;
  readonly bucket: string;
  readonly prefix: string;
  /** Minutes between two deliveries, of a Classic Load Balancer. */
  readonly minutes?: number;
}

async function logsOf(
  aws: { elasticloadbalancing: ElasticLoadBalancingV2Client; elb: ElasticLoadBalancingClient },
  id: string,
): Promise<Logs> {
  if (kindOf(id) === 'classic') {
    const { AccessLog } = await classicAttributes(aws.elb, id);
    const { Enabled = false, S3BucketName = '', S3BucketPrefix = '', EmitInterval = 60 } = AccessLog ?? {};
    return { on: Enabled, bucket: S3BucketName, prefix: S3BucketPrefix, minutes: EmitInterval };
  }
  const attributes = await attributesOf(aws.elasticloadbalancing, id);
  const said = (key: string) => attributes[`access_logs.s3.${key}`] ?? '';
  return { on: said('enabled') === 'true', bucket: said('bucket'), prefix: said('prefix') };
}

function setLogs({ id }: Target, { on, bucket, prefix, minutes }: Logs) {
  if (kindOf(id) === 'classic') {
    const where = { S3BucketName: bucket, S3BucketPrefix: prefix, EmitInterval: minutes };
    return { elb: setClassic(id, { AccessLog: { Enabled: on, ...(bucket !== '' && where) } }) };
  }
  const where = { 'access_logs.s3.bucket': bucket, 'access_logs.s3.prefix': prefix };
  const attributes = { 'access_logs.s3.enabled': String(on), ...(bucket !== '' && where) };
  return { elasticloadbalancing: setAttributes(id, attributes) };
}
