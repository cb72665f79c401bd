import type { MemberAccounts } from '../shared/accounts';
import type { CatalogueEntry } from '../shared/catalogue';
import { enabledUnder } from '../shared/bot/rights';
import type { Config } from '../shared/config';
import { remediationRoles } from './accounts';
import { findingsPatterns } from './events';
import { templateRefusals } from './limits';
import { busName, changesPattern } from './members';
import { type Resource, att, pascal, sub } from './template';

/** Which installation members are made for. */
export interface Home {
  readonly stage: string;
  /** Its account and region, where they are known: defaults of the parameters. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** A config.ts that names member accounts. */
export type MultiConfig = Config & { readonly accounts: MemberAccounts };

/** What CloudFormation takes. */
export interface MemberTemplate {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Conditions: Readonly<Record<string, object>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Parameter {
  readonly Type: 'String';
  readonly Description: string;
  readonly Default?: string;
  readonly AllowedPattern: string;
}

/**
 * The template that every member account is given: in one region the roles that bots assume, and in each region the
 * rules that send its events to the bus at home.
 *
 * @throws Error when it is more than CloudFormation or IAM takes.
 */
export async function memberTemplate(
  config: MultiConfig,
  catalogue: readonly CatalogueEntry[],
  home: Home,
): Promise<MemberTemplate> {
  const { accounts } = config;
  const template: MemberTemplate = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `selfheal ${home.stage}: what a member account holds`,
    Parameters: {
      HomeAccount: parameter('The account that selfheal is deployed in', '\\d{12}', home.account),
      HomeRegion: parameter(
        'The region that it is deployed in',
        '[a-z]{2,4}(-[a-z]+)+-\\d{1,2}',
        home.region,
      ),
      ExternalId: parameter('As in config.ts', '[\\w+=,.@:/-]{2,1224}', accounts.externalId),
      GlobalRegion: parameter(
        'The region whose stack makes the roles: one of those that the stack is deployed in, in each account the same',
        '[a-z]{2,4}(-[a-z]+)+-\\d{1,2}',
        home.region,
      ),
      OrganizationId: parameter(
        'The roles are for selfheal only while its account belongs to this organization; empty: whether it does or not',
        '(o-[a-z0-9]{10,32})?',
        accounts.organization ?? '',
      ),
      PermissionsBoundary: parameter(
        'The ARN of a policy that bounds what the roles may do; empty: none',
        '(arn:aws[\\w-]*:iam::(\\d{12}|aws):policy/.+)?',
        '',
      ),
    },
    Conditions: {
      IsGlobalRegion: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, { Ref: 'GlobalRegion' }] },
      HasOrganization: isGiven('OrganizationId'),
      HasPermissionsBoundary: isGiven('PermissionsBoundary'),
    },
    Resources: {
      ...(await roles(config, catalogue, home.stage)),
      ...forwarding(config, catalogue, home.stage),
    },
  };
  const [refusal] = templateRefusals('the stack of members', template);
  if (refusal !== undefined) throw new Error(refusal);
  return template;
}

async function roles(config: Config, catalogue: readonly CatalogueEntry[], stage: string) {
  const resources = await remediationRoles(
    enabledUnder(config, catalogue),
    config.accounts,
    {
      home: '${HomeAccount}',
      stage,
      externalId: { Ref: 'ExternalId' },
      organization: ifGiven('OrganizationId'),
    },
    ifGiven('PermissionsBoundary'),
  );
  return Object.fromEntries(
    Object.entries(resources).map(([name, resource]) => [name, { ...resource, Condition: 'IsGlobalRegion' }]),
  );
}

/** What config.ts takes in is sent; each region has a role of its own for it, so that regions wait for no other. */
function forwarding(
  config: Config,
  catalogue: readonly CatalogueEntry[],
  stage: string,
): Record<string, Resource> {
  const changes = changesPattern(config, catalogue);
  const patterns: [string, object][] = [
    ...(changes ? [['Changes', changes] as [string, object]] : []),
    ...Object.entries(findingsPatterns(config)).map(([name, pattern]): [string, object] => [
      `${pascal(name)}Findings`,
      pattern,
    ]),
  ];
  if (patterns.length === 0) return {};
  const bus = sub(`arn:\${AWS::Partition}:events:\${HomeRegion}:\${HomeAccount}:event-bus/${busName(stage)}`);
  return {
    ForwardRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Description: 'Sends events of this region to selfheal',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
          ],
        },
        PermissionsBoundary: ifGiven('PermissionsBoundary'),
        Policies: [
          {
            PolicyName: 'selfheal',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: bus }],
            },
          },
        ],
      },
    },
    ...Object.fromEntries(
      patterns.map(([name, EventPattern]) => [
        `Forward${name}`,
        {
          Type: 'AWS::Events::Rule',
          Properties: {
            Description: 'Sends events to selfheal',
            EventPattern,
            Targets: [{ Id: 'selfheal', Arn: bus, RoleArn: att('ForwardRole') }],
          },
        },
      ]),
    ),
  };
}

function parameter(Description: string, AllowedPattern: string, Default?: string): Parameter {
  return { Type: 'String', Description, AllowedPattern, ...(Default !== undefined && { Default }) };
}

function isGiven(name: string): object {
  return { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, ''] }] };
}

/** The parameter's value, or nothing at all where it is empty. */
function ifGiven(name: string): object {
  return { 'Fn::If': [`Has${name.replace(/Id$/, '')}`, { Ref: name }, { Ref: 'AWS::NoValue' }] };
}
