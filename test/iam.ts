import {
  type AccessKeyMetadata,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Account } from './account';

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** A document of one statement. */
export function document(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

export const ALLOW_ALL = document({ Effect: 'Allow', Action: '*', Resource: '*' });
export const DENY_ALL = document({ Effect: 'Deny', Action: '*', Resource: '*' });
export const READ = document({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::reports/100%/*',
});

/** Makes a managed policy and answers with its ARN. */
export async function policy(
  { client }: Account,
  PolicyName: string,
  PolicyDocument = READ,
  Path = '/',
): Promise<string> {
  const input = { PolicyName, PolicyDocument, Path };
  const { Policy } = await client(IAMClient).send(new CreatePolicyCommand(input));
  return Policy?.Arn ?? '';
}

/** Makes a user, under a path, with these managed policies attached, and answers with its name. */
export async function user({ client }: Account, UserName: string, ...policies: string[]): Promise<string> {
  const iam = client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName, Path: '/team/red/' }));
  for (const PolicyArn of policies) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  return UserName;
}

/** Makes a role with these managed policies attached, and answers with its name. */
export async function role(
  { client }: Account,
  RoleName: string,
  { path: Path = '/team/red/', policies = [] }: { path?: string; policies?: string[] } = {},
): Promise<string> {
  const iam = client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
  for (const PolicyArn of policies) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return RoleName;
}

/** The policies of all users but this one. */
export async function otherUsers({ client }: Account, id: string): Promise<unknown> {
  const iam = client(IAMClient);
  const { Users = [] } = await iam.send(new ListUsersCommand({}));
  const others = Users.filter(({ UserName }) => UserName !== id).map(({ UserName = '' }) => UserName);
  return Promise.all(
    others.map(async (UserName) => {
      const { PolicyNames = [] } = await iam.send(new ListUserPoliciesCommand({ UserName }));
      const inline = PolicyNames.map((PolicyName) =>
        iam.send(new GetUserPolicyCommand({ UserName, PolicyName })),
      );
      const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
      const documents = (await Promise.all(inline)).map(({ PolicyDocument }) => PolicyDocument);
      return { UserName, AttachedPolicies, documents };
    }),
  );
}

/** The managed policies of all roles but this one. */
export async function otherRoles({ client }: Account, id: string): Promise<unknown> {
  const iam = client(IAMClient);
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const others = Roles.filter(({ RoleName }) => RoleName !== id).map(({ RoleName }) => RoleName);
  return Promise.all(
    others.map(async (RoleName) => {
      const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      return { RoleName, AttachedPolicies };
    }),
  );
}

/** Makes an access key of that user and answers with its id. */
export async function accessKey({ client }: Account, UserName: string): Promise<string> {
  const { AccessKey } = await client(IAMClient).send(new CreateAccessKeyCommand({ UserName }));
  return AccessKey?.AccessKeyId ?? '';
}

/** Gives the user a console password and answers with the user's name. */
export async function withPassword({ client }: Account, UserName: string): Promise<string> {
  await client(IAMClient).send(new CreateLoginProfileCommand({ UserName, Password: 'correct-Horse-1' }));
  return UserName;
}

/** The access keys of all users. */
export async function keysOfAll({ client }: Account): Promise<AccessKeyMetadata[]> {
  const iam = client(IAMClient);
  const { Users = [] } = await iam.send(new ListUsersCommand({}));
  const lists = Users.map(({ UserName }) => iam.send(new ListAccessKeysCommand({ UserName })));
  return (await Promise.all(lists)).flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata);
}

/** The access keys of all users but this one. */
export async function otherKeys(account: Account, id: string): Promise<unknown> {
  return (await keysOfAll(account)).filter(({ AccessKeyId }) => AccessKeyId !== id);
}

/** Puts inline policies on the user, by their names, and answers with the user's name. */
export async function withInline(
  { client }: Account,
  UserName: string,
  policies: Readonly<Record<string, string>>,
): Promise<string> {
  const iam = client(IAMClient);
  for (const [PolicyName, PolicyDocument] of Object.entries(policies))
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  return UserName;
}

/** Makes a group of that one user with this policy attached. */
export async function group(
  { client }: Account,
  GroupName: string,
  UserName: string,
  PolicyArn: string,
): Promise<void> {
  const iam = client(IAMClient);
  await iam.send(new CreateGroupCommand({ GroupName }));
  await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
}
