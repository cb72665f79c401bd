import type { Statement } from '../deploy/policies';

/** What a stolen role could gain beside what its actions say: for itself, or for whoever helps it. */
export interface Worth {
  /** Why its thief could become an administrator with nothing but this role; empty: it cannot. */
  readonly administrator: readonly string[];
  /** What else is to be known of powerful rights. */
  readonly powers: readonly string[];
}

/** What may be done on what, under which condition. */
interface Right {
  readonly resources: string;
  readonly conditions: string;
  /** selfheal's own are denied. */
  readonly sparesOwn: boolean;
}

type Judge = (right: Right) => Partial<Worth>;

const ADMINISTRATOR =
  (how: string): Judge =>
  () => ({ administrator: [how] });

/** Every user, role or policy; not single ones by name. */
const ALL = /:(?:user|role|group|policy|instance|function|project)(?:\/|:)\*/;

/** Attaches what nobody has named: any policy, to any user or role. */
const attaches: Judge = ({ conditions }) => {
  if (conditions.includes('iam:PermissionsBoundary'))
    return { powers: ['attaches policies within a boundary'] };
  if (!conditions.includes('iam:PolicyARN')) return { administrator: ['attaches any policy to anybody'] };
  return { powers: [`attaches ${namedIn(conditions)} alone`] };
};

/** Writes a policy into a role or a user. */
const writesInto =
  (whom: string): Judge =>
  ({ resources, conditions, sparesOwn }) => {
    if (conditions.includes('iam:PermissionsBoundary'))
      return { powers: [`writes into ${named(resources)}, within its boundary`] };
    if (!ALL.test(resources)) return { administrator: [`writes any policy into ${named(resources)}`] };
    if (whom === 'role' && !sparesOwn) return { administrator: ['writes any policy into its own role'] };
    return {
      powers: [
        `writes any policy for any ${whom}${sparesOwn ? ' but selfheal’s own' : ''}: whoever also holds the keys of one can make that one an administrator`,
      ],
    };
  };

/** Sets passwords, keys or trust: the right to become whom they belong to. */
const becomes =
  (how: string): Judge =>
  ({ resources }) =>
    ALL.test(resources) ? { administrator: [how] } : { powers: [`${how}, of ${named(resources)} alone`] };

const passes: Judge = ({ resources, conditions }) => {
  const isAll = ALL.test(resources);
  const isBound = conditions.includes('iam:PassedToService');
  if (isAll && !isBound) return { administrator: ['passes any role to any service'] };
  return {
    powers: [
      `passes ${isAll ? 'roles' : named(resources)} to ${isBound ? `${namedIn(conditions)} alone` : 'any service'}`,
    ],
  };
};

/** Runs code where a role is at work, unless a condition keeps it from bringing code along. */
const runsCode =
  (how: string): Judge =>
  ({ conditions, resources }) =>
    conditions === '' && ALL.test(resources) ? { powers: [how] } : {};

const creates: Judge = ({ resources, conditions }) => {
  if (conditions.includes('iam:PermissionsBoundary'))
    return { powers: [`makes ${named(resources)}, with a boundary`] };
  return ALL.test(resources)
    ? { administrator: ['makes roles without a boundary'] }
    : { powers: [`makes ${named(resources)}`] };
};

/** In place of a narrower boundary, another one gives rights. */
const bounds: Judge = ({ conditions }) =>
  conditions.includes('iam:PermissionsBoundary')
    ? { powers: [`sets ${namedIn(conditions)} as a boundary, also in place of a narrower one`] }
    : { administrator: ['sets any boundary in place of a narrower one'] };

const opens =
  (what: string): Judge =>
  ({ sparesOwn, conditions }) =>
    conditions === ''
      ? { powers: [`may open ${what} to anybody${sparesOwn ? ', selfheal’s own excepted' : ''}`] }
      : {};

/** By action. Sources: Service Authorization Reference; IAM User Guide, permissions boundaries. */
const JUDGES: Readonly<Record<string, Judge>> = {
  'iam:AttachGroupPolicy': attaches,
  'iam:AttachRolePolicy': attaches,
  'iam:AttachUserPolicy': attaches,
  'iam:PutGroupPolicy': writesInto('group'),
  'iam:PutRolePolicy': writesInto('role'),
  'iam:PutUserPolicy': writesInto('user'),
  'iam:CreatePolicyVersion': ({ resources, sparesOwn }) =>
    ALL.test(resources) && !sparesOwn
      ? { administrator: ['writes what its own policies say'] }
      : {
          powers: [
            `writes what policies say, but selfheal’s own: whoever also holds one can be made an administrator`,
          ],
        },
  'iam:SetDefaultPolicyVersion': ({ resources }) =>
    ALL.test(resources) ? { powers: ['brings back older versions of policies'] } : {},
  'iam:AddUserToGroup': becomes('puts users into groups'),
  'iam:UpdateAssumeRolePolicy': becomes('changes who may assume roles'),
  'iam:CreateAccessKey': becomes('makes access keys'),
  'iam:CreateLoginProfile': becomes('gives users passwords'),
  'iam:UpdateLoginProfile': becomes('sets console passwords'),
  'iam:CreateRole': creates,
  'iam:DeleteRolePermissionsBoundary': becomes('takes boundaries off roles'),
  'iam:DeleteUserPermissionsBoundary': becomes('takes boundaries off users'),
  'iam:PutRolePermissionsBoundary': bounds,
  'iam:PutUserPermissionsBoundary': bounds,
  'iam:PassRole': passes,
  'iam:UpdateAccessKey': () => ({ powers: ['may switch access keys on again'] }),
  'iam:DetachUserPolicy': () => ({ powers: ['may take away policies that deny'] }),
  'iam:DetachRolePolicy': () => ({ powers: ['may take away policies that deny'] }),
  'iam:DetachGroupPolicy': () => ({ powers: ['may take away policies that deny'] }),
  'iam:DeleteUserPolicy': () => ({ powers: ['may take away policies that deny'] }),
  'iam:UpdateAccountPasswordPolicy': () => ({ powers: ['may weaken the password policy'] }),
  'lambda:UpdateFunctionCode': ADMINISTRATOR('runs code with the role of any function'),
  'lambda:UpdateFunctionConfiguration': runsCode(
    'may bring code into functions, which runs with their roles',
  ),
  'ec2:ModifyInstanceAttribute': runsCode(
    'may bring code into stopped instances, which runs with their roles',
  ),
  'codebuild:UpdateProject': runsCode('may have projects run code with their roles'),
  'ssm:SendCommand': ADMINISTRATOR('runs commands on any instance'),
  'kms:PutKeyPolicy': opens('keys'),
  's3:PutBucketPolicy': opens('buckets'),
  's3:PutBucketAcl': opens('buckets'),
  'secretsmanager:PutResourcePolicy': opens('secrets'),
  'sqs:SetQueueAttributes': opens('queues'),
  'sns:SetTopicAttributes': opens('topics'),
  'ecr:SetRepositoryPolicy': opens('repositories'),
  'lambda:UpdateFunctionUrlConfig': opens('functions that have a URL'),
  'ssm:ModifyDocumentPermission': opens('documents'),
  'rds:ModifyDBSnapshotAttribute': opens('snapshots'),
  'rds:ModifyDBClusterSnapshotAttribute': opens('snapshots'),
  'ec2:ModifySnapshotAttribute': opens('snapshots'),
  'ec2:ModifyImageAttribute': opens('images'),
  'ec2:AuthorizeSecurityGroupIngress': opens('ports'),
  'ec2:AuthorizeSecurityGroupEgress': opens('ports'),
  'ec2:CreateNetworkAclEntry': opens('ports'),
  'ec2:AssociateIamInstanceProfile': ({ conditions }) =>
    conditions.includes('ec2:NewInstanceProfile')
      ? { powers: [`gives instances ${namedIn(conditions)} alone`] }
      : { powers: ['gives any instance any role'] },
};

/** What the role with these statements is worth to a thief. */
export function worthOf(statements: readonly Statement[]): Worth {
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
  const denied = new Set(
    statements.filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action }) => Action),
  );
  const found = allowed.flatMap(({ Action, Resource, Condition }) =>
    Action.map((action) =>
      JUDGES[action]?.({
        resources: JSON.stringify(Resource),
        conditions: Condition ? JSON.stringify(Condition) : '',
        sparesOwn: denied.has(action),
      }),
    ),
  );
  const unique = (texts: readonly string[]) => [...new Set(texts)];
  return {
    administrator: unique(found.flatMap((one) => one?.administrator ?? [])),
    powers: unique(found.flatMap((one) => one?.powers ?? [])),
  };
}

/** The values of a condition as people read them: the end of an ARN, the name of a service, a word of config.ts. */
function namedIn(conditions: string): string {
  const values = [...conditions.matchAll(/"(?:Fn::Sub"?:?"?)?([^"]*[/.}][^"]*)"/g)].map(
    ([, value = '']) => value,
  );
  return [...new Set(values.map(plain))].join(' or ');
}

function named(resources: string): string {
  const values = [...resources.matchAll(/"([^"]*:[^"]*\/[^"]*)"/g)].map(([, value = '']) => value);
  return [...new Set(values.map(plain))].join(' or ');
}

function plain(value: string): string {
  const param = /\$\{params\.(\w+)\}/.exec(value)?.[1];
  if (param !== undefined) return `what config.ts names as \`${param}\``;
  const text = value.replace(/\*$/, '');
  return text.includes('/') ? `\`${text.split('/').slice(1).join('/')}\`` : `\`${text}\``;
}
