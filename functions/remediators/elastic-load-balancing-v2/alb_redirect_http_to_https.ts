import {
  type Action,
  type ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  paginateDescribeListeners,
  paginateDescribeRules,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import { LOAD_BALANCER, kindOf } from './lib/balancer';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  port: z.int().min(1).max(65_535).default(443).describe('the port of the HTTPS listener that is sent to'),
  code: z
    .enum(['HTTP_301', 'HTTP_302'])
    .default('HTTP_301')
    .describe('how it is sent there: browsers remember a 301, also after undo'),
});

export const bot = defineBot({
  id: 'alb_redirect_http_to_https',
  title: 'Send HTTP requests to an Application Load Balancer to HTTPS',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  params,
  from: { port: 'config', code: 'finding' },
  permissions: {
    read: ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules'],
    write: ['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'],
  },
  ...LOAD_BALANCER,

  async inspect({ elasticloadbalancing: client }, { target: { id }, params: { port } }): Promise<State> {
    const plain: Plain[] = [];
    let hasHttps = false;
    if (kindOf(id) !== 'application') return { plain, hasHttps };
    for await (const { Listeners = [] } of paginateDescribeListeners({ client }, { LoadBalancerArn: id })) {
      hasHttps ||= Listeners.some(({ Protocol, Port }) => Protocol === 'HTTPS' && Port === port);
      for (const { ListenerArn: arn = '', Protocol, DefaultActions: actions = [] } of Listeners) {
        if (Protocol !== 'HTTP') continue;
        plain.push({ arn, kind: 'listener', actions }, ...(await rulesOf(client, arn)));
      }
    }
    return { plain, hasHttps };
  },

  check({ plain }) {
    const open = plain.filter(isOpen);
    if (open.length === 0) return undefined;
    return `requests by plain HTTP are answered: redirect them (${open.length} listeners and rules)`;
  },

  plan({ plain, hasHttps }, { params: { port, code } }) {
    if (!hasHttps) return { held: `there is no HTTPS listener on port ${port} to send to: make one first` };
    const redirect: Action = {
      Type: 'redirect',
      RedirectConfig: { Protocol: 'HTTPS', Port: String(port), StatusCode: code },
    };
    return plain.filter(isOpen).map((one) => setActions(one, [redirect]));
  },

  undo: (before, { now }) =>
    before.plain
      .filter((one) => isOpen(one) && now.plain.some((other) => other.arn === one.arn && !isOpen(other)))
      .map((one) => setActions(one, one.actions)),

  footprint: ({ plain }) => plain,
});

interface State {
  /** What answers by plain HTTP: listeners, by their default actions, and their rules. */
  readonly plain: readonly Plain[];
  readonly hasHttps: boolean;
}

interface Plain {
  readonly arn: string;
  readonly kind: 'listener' | 'rule';
  readonly actions: Action[];
}

/** A listener must redirect; of rules, those are open that hand a request on. */
function isOpen({ kind, actions }: Plain): boolean {
  if (kind === 'rule') return actions.some(({ Type }) => Type === 'forward');
  return !actions.some(({ RedirectConfig }) => RedirectConfig?.Protocol === 'HTTPS');
}

function setActions({ arn, kind }: Plain, actions: Action[]) {
  return {
    elasticloadbalancing:
      kind === 'rule'
        ? new ModifyRuleCommand({ RuleArn: arn, Actions: actions })
        : new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: actions }),
  };
}

async function rulesOf(client: ElasticLoadBalancingV2Client, ListenerArn: string): Promise<Plain[]> {
  const found: Plain[] = [];
  for await (const { Rules = [] } of paginateDescribeRules({ client }, { ListenerArn })) {
    // The default rule is the listener's own.
    for (const { RuleArn: arn = '', Actions: actions = [], IsDefault } of Rules)
      if (!IsDefault) found.push({ arn, kind: 'rule', actions });
  }
  return found;
}
