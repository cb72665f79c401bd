import { type IAMClient, paginateListRoles, paginateListUsers } from '@aws-sdk/client-iam';
import type { Finder } from '../../../../shared/bot/bot';
import { isUnnamed } from '../../../../shared/resources/canonical';

// An interface has no index signature, which the clients of a bot need.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
type Iam = { readonly iam: typeof IAMClient };

/** Security Hub and AWS Config may name a user by its unique id. Source: IAM User Guide, unique identifiers. */
export const findUser: Finder<Iam> = {
  actions: ['iam:ListUsers'],
  async find({ iam }, target) {
    if (!isUnnamed(target)) return target;
    for await (const { Users = [] } of paginateListUsers({ client: iam }, {})) {
      const user = Users.find(({ UserId }) => UserId === target.id);
      if (user?.UserName !== undefined) return { ...target, id: user.UserName };
    }
    return undefined;
  },
};

/** See {@link findUser}. */
export const findRole: Finder<Iam> = {
  actions: ['iam:ListRoles'],
  async find({ iam }, target) {
    if (!isUnnamed(target)) return target;
    for await (const { Roles = [] } of paginateListRoles({ client: iam }, {})) {
      const role = Roles.find(({ RoleId }) => RoleId === target.id);
      if (role?.RoleName !== undefined) return { ...target, id: role.RoleName };
    }
    return undefined;
  },
};
