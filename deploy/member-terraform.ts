import { pathOf } from './accounts';
import type { MemberTemplate } from './member-template';
import type { Resource } from './template';

/** A configuration of Terraform in its JSON syntax. */
export interface TerraformConfig {
  readonly terraform: object;
  readonly variable: Readonly<Record<string, object>>;
  readonly data: object;
  readonly locals: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, object>>;
}

interface Role {
  readonly RoleName?: string;
  readonly Description: string;
  readonly MaxSessionDuration?: number;
  readonly AssumeRolePolicyDocument: object;
  readonly PermissionsBoundary: object;
  readonly Policies?: readonly { readonly PolicyDocument: object }[];
}

interface Policy {
  readonly Roles: readonly [{ readonly Ref: string }];
  readonly PolicyDocument: object;
}

interface Rule {
  readonly EventPattern: object;
  readonly Targets: readonly { readonly Arn: object; readonly RoleArn: object }[];
}

/**
 * The template of members as a module for Terraform: used once for each region of an account, of which one makes the
 * roles. Source: Terraform, JSON Configuration Syntax; the AWS provider's resources of IAM and EventBridge.
 */
export function memberTerraform(template: MemberTemplate, stage: string): TerraformConfig {
  const { Parameters, Resources } = template;
  const { GlobalRegion: _, ...parameters } = Parameters;
  const { ForwardRole } = Resources;
  const roles = Object.entries(Resources).filter(([name]) => name.endsWith('RemediationRole'));
  const [role] = roles.map(([, { Properties }]) => Properties as Role);
  const rules = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Events::Rule');
  const forwardRole = ForwardRole?.Properties as Role | undefined;
  const patterns = rules.map(([name, { Properties }]): [string, unknown] => [
    name.replace(/^Forward/, ''),
    converted((Properties as Rule).EventPattern),
  ]);
  const [target] = rules.flatMap(([, { Properties }]) => (Properties as Rule).Targets);
  return {
    terraform: {
      required_version: '>= 1.3',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.0' } },
    },
    variable: {
      ...Object.fromEntries(
        Object.entries(parameters).map(([name, { Description, Default }]) => [
          variable(name),
          {
            type: 'string',
            description: Description,
            ...(Default !== undefined && { default: plain(Default) }),
          },
        ]),
      ),
      make_role: {
        type: 'bool',
        description:
          'Whether the roles are made here: true in one region of each account, false in the others',
      },
    },
    data: { aws_partition: { current: {} }, aws_caller_identity: { current: {} } },
    locals: {
      ...(role && { trust: converted(role.AssumeRolePolicyDocument) }),
      roles: Object.fromEntries(
        roles.map(([, { Properties }]) => [(Properties as Role).RoleName, (Properties as Role).Description]),
      ),
      rights: rightsOf(Resources),
      ...(forwardRole && {
        forward_trust: converted(forwardRole.AssumeRolePolicyDocument),
        forward_rights: converted(forwardRole.Policies?.[0]?.PolicyDocument),
        forwarded: Object.fromEntries(patterns),
      }),
    },
    resource: {
      aws_iam_role: {
        ...(role && {
          remediation: {
            for_each: made('roles'),
            name: '${each.key}',
            description: '${each.value}',
            max_session_duration: role.MaxSessionDuration,
            assume_role_policy: '${jsonencode(local.trust)}',
            permissions_boundary: converted(role.PermissionsBoundary),
          },
        }),
        ...(forwardRole && {
          forward: {
            name_prefix: 'selfheal-forward-',
            description: forwardRole.Description,
            assume_role_policy: '${jsonencode(local.forward_trust)}',
            permissions_boundary: converted(forwardRole.PermissionsBoundary),
          },
        }),
      },
      aws_iam_policy: {
        remediation: {
          for_each: made('rights'),
          name_prefix: '${each.key}-',
          path: pathOf(stage),
          policy: '${jsonencode(each.value.document)}',
        },
      },
      aws_iam_role_policy_attachment: {
        remediation: {
          for_each: made('rights'),
          role: '${aws_iam_role.remediation[each.value.role].name}',
          policy_arn: '${aws_iam_policy.remediation[each.key].arn}',
        },
      },
      ...(target && {
        aws_iam_role_policy: {
          forward: {
            name: 'selfheal',
            role: '${aws_iam_role.forward.name}',
            policy: '${jsonencode(local.forward_rights)}',
          },
        },
        aws_cloudwatch_event_rule: {
          forward: {
            for_each: '${local.forwarded}',
            name: `selfheal-${stage}-\${each.key}`,
            description: 'Sends events to selfheal',
            event_pattern: '${jsonencode(each.value)}',
          },
        },
        aws_cloudwatch_event_target: {
          forward: {
            for_each: '${local.forwarded}',
            rule: '${aws_cloudwatch_event_rule.forward[each.key].name}',
            target_id: 'selfheal',
            arn: converted(target.Arn),
            role_arn: converted(target.RoleArn),
          },
        },
      }),
    },
  };
}

/** What CloudFormation's own names and functions are in Terraform. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::Partition': 'data.aws_partition.current.partition',
  'AWS::AccountId': 'data.aws_caller_identity.current.account_id',
  'ForwardRole.Arn': 'aws_iam_role.forward.arn',
};

function converted(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(converted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const [[name, argument] = ['', undefined]] = fields;
  if (name === 'Fn::Sub') return filled(String(argument));
  if (name === 'Ref' || name === 'Fn::If') return `\${${expression(name, argument)}}`;
  if (fields.some(([, field]) => isConditional(field))) return present(fields);
  return Object.fromEntries(fields.map(([key, field]) => [key, converted(field)]));
}

function expression(name: string, argument: unknown): string {
  if (name === 'Ref') return named(String(argument));
  if (name === 'Fn::Sub') return JSON.stringify(filled(String(argument)));
  const [, { Ref: given }] = argument as [string, { Ref: string }];
  return `${named(given)} == "" ? null : ${named(given)}`;
}

function filled(text: string): string {
  return text.replace(/\$\{([^}]+)\}/g, (_all, name: string) => `\${${named(name)}}`);
}

/** An object without the fields that are not given: a policy must not hold null. */
function present(fields: readonly [string, unknown][]): string {
  const all = fields.map(([key, field]) => {
    const [[name, argument] = ['', undefined]] = Object.entries(field as object);
    return `${JSON.stringify(key)} = ${expression(name, argument)}`;
  });
  return `\${{ for key, value in { ${all.join(', ')} } : key => value if value != null }}`;
}

function isConditional(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'Fn::If' in value;
}

/** @throws Error for a name that Terraform has no counterpart of here. */
function named(name: string): string {
  const found = NAMES[name] ?? (/^[A-Za-z]+$/.test(name) ? `var.${variable(name)}` : undefined);
  if (found === undefined)
    throw new Error(`${name} has no name in Terraform: add it to deploy/member-terraform.ts`);
  return found;
}

/** `HomeAccount` as `home_account`. */
function variable(parameter: string): string {
  return parameter.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** Text that Terraform is not to read as a template. */
function plain(text: string): string {
  return text.replaceAll('${', '$${').replaceAll('%{', '%%{');
}

/** A map of the locals in the one region that makes the roles; an empty one in the others. */
function made(local: string): string {
  return `\${{ for name, value in local.${local} : name => value if var.make_role }}`;
}

/** By a name of its own, each policy and the name of the role that it is attached to. */
function rightsOf(resources: Readonly<Record<string, Resource>>): Record<string, unknown> {
  const policies = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');
  return Object.fromEntries(
    policies.map(([name, { Properties }]) => {
      const { Roles, PolicyDocument } = Properties as Policy;
      const { RoleName = '' } = resources[Roles[0].Ref]?.Properties as Role;
      return [
        `${RoleName}-${/\d+$/.exec(name)?.[0] ?? ''}`,
        { role: RoleName, document: converted(PolicyDocument) },
      ];
    }),
  );
}
