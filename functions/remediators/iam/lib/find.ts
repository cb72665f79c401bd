import {
  type IAMClient,
  paginateListGroups,
  paginateListPolicies,
  paginateListRoles,
  paginateListServerCertificates,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import type { Finder } from '../../../../shared/bot/bot';
import { isUnnamed } from '../../../../shared/resources/canonical';

// An interface has no index signature, which the clients of a bot need.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
type Iam = { readonly iam: typeof IAMClient };

/** Pages of unique ids with what the API takes in their place. */
type Pages = (
  client: IAMClient,
) => AsyncIterable<readonly (readonly [string | undefined, string | undefined])[]>;

/** Security Hub and AWS Config may name a user by its unique id. Source: IAM User Guide, unique identifiers. */
export const findUser = byUniqueId('iam:ListUsers', async function* (client) {
  for await (const { Users = [] } of paginateListUsers({ client }, {}))
    yield Users.map(({ UserId, UserName }) => [UserId, UserName] as const);
});

/** See {@link findUser}. */
export const findRole = byUniqueId('iam:ListRoles', async function* (client) {
  for await (const { Roles = [] } of paginateListRoles({ client }, {}))
    yield Roles.map(({ RoleId, RoleName }) => [RoleId, RoleName] as const);
});

/** See {@link findUser}. */
export const findGroup = byUniqueId('iam:ListGroups', async function* (client) {
  for await (const { Groups = [] } of paginateListGroups({ client }, {}))
    yield Groups.map(({ GroupId, GroupName }) => [GroupId, GroupName] as const);
});

/** See {@link findUser}. Policies of AWS are changed by nobody and are not looked for. */
export const findPolicy = byUniqueId('iam:ListPolicies', async function* (client) {
  for await (const { Policies = [] } of paginateListPolicies({ client }, { Scope: 'Local' }))
    yield Policies.map(({ PolicyId, Arn }) => [PolicyId, Arn] as const);
});

/** See {@link findUser}. */
export const findServerCertificate = byUniqueId('iam:ListServerCertificates', async function* (client) {
  for await (const { ServerCertificateMetadataList: list = [] } of paginateListServerCertificates(
    { client },
    {},
  ))
    yield list.map(
      ({ ServerCertificateId, ServerCertificateName }) =>
        [ServerCertificateId, ServerCertificateName] as const,
    );
});

function byUniqueId(action: string, pages: Pages): Finder<Iam> {
  return {
    actions: [action],
    async find({ iam }, target) {
      if (!isUnnamed(target)) return target;
      for await (const page of pages(iam)) {
        const [, id] = page.find(([unique]) => unique === target.id) ?? [];
        if (id !== undefined) return { ...target, id };
      }
      return undefined;
    },
  };
}
