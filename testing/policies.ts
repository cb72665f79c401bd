import type { Statement } from '../shared/policy/policy-document';

export const FRIEND = 'arn:aws:iam::111122223333:root';
export const OTHER = 'arn:aws:iam::444455556666:role/reader';

/** What one service's policies allow, beside whom: `{ Action: 'sqs:SendMessage', Resource: … }`. */
type Allowed = Pick<Statement, 'Action' | 'Resource'>;

/** Statements that must survive, by what tools get wrong with them. */
export function neighboursOf(allowed: Allowed): Readonly<Record<string, Statement>> {
  const all = (extra: object): Statement => ({ Effect: 'Allow', ...allowed, ...extra });
  const anyone = (Condition: Statement['Condition']) => all({ Principal: { AWS: '*' }, Condition });
  return {
    named: all({ Sid: 'Named', Principal: { AWS: [FRIEND, OTHER] } }),
    service: all({ Sid: 'Service', Principal: { Service: 'events.amazonaws.com' } }),
    notAction: {
      ...all({ Sid: 'NotAction', Principal: { AWS: FRIEND } }),
      Action: undefined,
      NotAction: 'iam:*',
    },
    deny: all({
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    denyNot: all({
      Sid: 'DenyNot',
      Effect: 'Deny',
      NotPrincipal: { AWS: FRIEND },
      Condition: { StringLike: { 'aws:UserAgent': 'x*' } },
    }),
    owner: anyone({ StringEquals: { 'AWS:SourceOwner': '111122223333' } }),
    source: anyone({ ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111122223333:rule/*' } }),
    bucket: anyone({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:amzn-s3-demo-bucket' } }),
    org: anyone({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    office: anyone({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } }),
  };
}

/** A policy with a fault, what must be left of its statements, and how the fault is named. */
export interface Seed {
  readonly name: string;
  readonly statements: readonly Statement[];
  readonly left: readonly Statement[];
  readonly fault: string;
}

/** Policies with public statements, between neighbours of all kinds. */
export function publicPolicies(allowed: Allowed): [Seed, ...Seed[]] {
  const { named, service, deny, org, office } = neighboursOf(allowed) as Record<string, Statement>;
  if (!named || !service || !deny || !org || !office) throw new Error('no neighbours');
  const world = (extra: object = {}): Statement => ({
    Sid: 'World',
    Effect: 'Allow',
    Principal: '*',
    ...allowed,
    ...extra,
  });
  const all = Object.values(neighboursOf(allowed));
  const seed = (name: string, statements: Statement[], left: Statement[], fault = 'World'): Seed => ({
    name,
    statements,
    left,
    fault,
  });
  return [
    seed('everyone, between neighbours of all kinds', [...all, world()], all),
    seed('everyone, and nothing beside it', [world()], []),
    seed('everyone with an AWS account', [world({ Principal: { AWS: '*' } }), named], [named]),
    seed(
      'everyone beside named principals, which stay',
      [world({ Principal: { AWS: [FRIEND, '*', OTHER] } }), deny],
      [world({ Principal: { AWS: [FRIEND, OTHER] } }), deny],
    ),
    seed(
      'everyone beside a service, which stays',
      [named, world({ Principal: { AWS: '*', Service: 'events.amazonaws.com' } })],
      [named, world({ Principal: { Service: 'events.amazonaws.com' } })],
    ),
    seed(
      'two of them, one without a Sid',
      [world(), service, world({ Sid: undefined })],
      [service],
      'World, number 3',
    ),
    seed(
      'conditions that do not say who calls',
      [
        org,
        world({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
        world({ Sid: 'Any', Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } } }),
        world({
          Sid: 'IfExists',
          Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
        }),
        world({ Sid: 'Halves', Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } } }),
      ],
      [org],
      'World, Any, IfExists, Halves',
    ),
    seed('all actions but some', [world({ Action: undefined, NotAction: 'iam:*' }), office], [office]),
  ];
}

/** The text of a policy of these statements. */
export function policyText(Statement: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'kept', Statement });
}

/** The statements that everyone's public ones stood beside, as they stand in that text now. */
export function neighboursIn(text: string | undefined, allowed: Allowed): unknown[] {
  const known = Object.values(neighboursOf(allowed)).map((one) => JSON.stringify(one));
  const { Statement } = JSON.parse(text ?? '{"Statement":[]}') as { Statement: object[] };
  return Statement.filter((one) => known.includes(JSON.stringify(one)));
}
