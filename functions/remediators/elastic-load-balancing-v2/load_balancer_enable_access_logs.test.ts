import { type Account, testBot } from '../../../testing/contract';
import { classicBut, classicWith } from '../elastic-load-balancing/fixtures/classic';
import { bucketWith } from '../s3/fixtures/bucket';
import { NO_BALANCER, attributesBut, balancersWith } from './fixtures/balancers';
import { bot } from './load_balancer_enable_access_logs';

const violation = 'requests to the load balancer are not logged: turn access logs on';
const MODIFY = 'elasticloadbalancing:ModifyLoadBalancerAttributes';
const writes = ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock', 's3:PutBucketPolicy', MODIFY];
const bucketIn = ({ account, region }: Account) => `${account}-elb-access-logs-${region}`;
const own = expect.stringMatching(/^\d{12}-elb-access-logs-eu-west-1$/) as string;
const after = { logs: { on: true, bucket: own } };
const untouched = (account: Account, id: string) => attributesBut(account, id, 'access_logs');

/** A network load balancer that answers by this protocol. CreateListener: moto wants a certificate that it knows. */
const network = (Protocol: 'TLS' | 'TCP') => (account: Account) => {
  account.script({ DescribeListeners: () => ({ Listeners: [{ Protocol }] }) });
  return balancersWith(account, {}, 'network');
};

testBot(bot, {
  violating: [
    {
      name: 'an application load balancer, with no bucket yet',
      given: (account) => balancersWith(account, { 'routing.http2.enabled': 'true' }),
      ...{ violation, writes, after, untouched },
    },
    {
      name: 'a Classic Load Balancer',
      given: (account) => classicWith(account, { CrossZoneLoadBalancing: { Enabled: true } }),
      ...{ violation, writes, after },
      untouched: (account, id) => classicBut(account, id, 'AccessLog'),
    },
    {
      name: 'a network load balancer with TLS, beside a bucket that is there',
      given: async (account) => {
        await bucketWith({ name: bucketIn, block: { BlockPublicAcls: true } })(account);
        return network('TLS')(account);
      },
      ...{ violation, writes: ['s3:PutBucketPolicy', MODIFY], after, untouched },
    },
    {
      name: 'a bucket of config.ts',
      given: (account) => balancersWith(account, {}),
      params: { bucket: 'archive-of-logs' },
      ...{ violation, writes: [MODIFY], after: { logs: { bucket: 'archive-of-logs' } }, untouched },
    },
    {
      name: 'a log bucket with KMS',
      given: async (account) => {
        const encryption = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } };
        await bucketWith({ name: bucketIn, encryption })(account);
        return balancersWith(account, {});
      },
      ...{ violation, writes: [], held: /encryption is by KMS/ },
    },
  ],
  compliant: [
    { name: 'without TLS, a network load balancer has nothing to log', given: network('TCP') },
    {
      name: 'logs elsewhere',
      given: (account) =>
        balancersWith(account, { 'access_logs.s3.enabled': 'true', 'access_logs.s3.bucket': 'elsewhere' }),
    },
  ],
  gone: NO_BALANCER,
});
