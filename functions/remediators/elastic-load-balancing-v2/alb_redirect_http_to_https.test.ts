import {
  type Action,
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  type ProtocolEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { type Account, testBot } from '../../../testing/contract';
import { NO_BALANCER, balancersWith } from './fixtures/balancers';
import { bot } from './alb_redirect_http_to_https';

const violation = 'requests by plain HTTP are answered: redirect them';
const LISTENER = 'elasticloadbalancing:ModifyListener';
const answer: Action = {
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode: '200', ContentType: 'text/plain' },
};
const redirect: Action = {
  Type: 'redirect',
  RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
};

const listen = async (
  { client }: Account,
  LoadBalancerArn: string,
  Protocol: ProtocolEnum,
  Port: number,
  action: Action,
) => {
  const https = async () => {
    const made = await client(ACMClient).send(new RequestCertificateCommand({ DomainName: 'example.org' }));
    return {
      Certificates: [{ CertificateArn: made.CertificateArn }],
      SslPolicy: 'ELBSecurityPolicy-2016-08',
    };
  };
  const { Listeners = [] } = await client(ElasticLoadBalancingV2Client).send(
    new CreateListenerCommand({
      ...{ LoadBalancerArn, Protocol, Port, DefaultActions: [action] },
      ...(Protocol === 'HTTPS' && (await https())),
    }),
  );
  return Listeners[0]?.ListenerArn ?? '';
};

const rule = async ({ client }: Account, ListenerArn: string, Priority: number, action: Action) => {
  const Conditions = [{ Field: 'path-pattern', Values: [`/${Priority}/*`] }];
  const input = { ListenerArn, Priority, Conditions, Actions: [action] };
  await client(ElasticLoadBalancingV2Client).send(new CreateRuleCommand(input));
};

const forward = async ({ client }: Account): Promise<Action> => {
  const made = await client(ElasticLoadBalancingV2Client).send(
    new CreateTargetGroupCommand({ Name: 'web', TargetType: 'lambda' }),
  );
  return { Type: 'forward', TargetGroupArn: made.TargetGroups?.[0]?.TargetGroupArn };
};

/** A balancer that answers by HTTP on port 80 with this, and by HTTPS on port 443 if so. */
const balancer = (action: Action, hasHttps: boolean) => async (account: Account) => {
  const arn = await balancersWith(account, {});
  await listen(account, arn, 'HTTP', 80, action);
  if (hasHttps) await listen(account, arn, 'HTTPS', 443, answer);
  return arn;
};

/** What HTTPS answers, and the rules of HTTP that do not forward. */
const untouched = async ({ client }: Account, LoadBalancerArn: string) => {
  const elb = client(ElasticLoadBalancingV2Client);
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const rules = await Promise.all(
    Listeners.map(({ ListenerArn }) => elb.send(new DescribeRulesCommand({ ListenerArn }))),
  );
  return [
    Listeners.map(({ DefaultActions, ...rest }) => (rest.Port === 443 ? { DefaultActions, ...rest } : rest)),
    rules.map(({ Rules = [] }) => Rules.filter(({ Priority }) => Priority === '2')),
  ];
};

testBot(bot, {
  violating: [
    {
      name: 'forwards, by default and by one rule, and answers by another itself',
      given: async (account) => {
        const arn = await balancersWith(account, {});
        const action = await forward(account);
        const http = await listen(account, arn, 'HTTP', 80, action);
        await rule(account, http, 1, action);
        await rule(account, http, 2, answer);
        await listen(account, arn, 'HTTPS', 443, action);
        return arn;
      },
      violation: `${violation} (2 listeners and rules)`,
      writes: [LISTENER, 'elasticloadbalancing:ModifyRule'],
      untouched,
    },
    { name: 'a fixed answer', given: balancer(answer, true), violation, writes: [LISTENER], untouched },
    {
      name: 'no HTTPS to send to',
      given: balancer(answer, false),
      ...{ violation, writes: [], held: /no HTTPS listener on port 443/ },
    },
  ],
  compliant: [
    { name: 'redirects', given: balancer(redirect, true) },
    { name: 'a network load balancer', given: (account) => balancersWith(account, {}, 'network') },
  ],
  gone: NO_BALANCER,
});
