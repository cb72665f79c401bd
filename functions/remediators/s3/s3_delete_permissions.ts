import {
  type Acl,
  aclOf,
  describeGrants,
  grantsToOthers,
  isDeliveryStatement,
  isLogDelivery,
  policyOf,
  putAcl,
  putPolicy,
} from './lib/bucket-access';
import { policyFootprint, sayDeleted, writableText } from '../../../shared/policy/deleted-principals';
import { parsePolicy, type Statement, statementsOf } from '../../../shared/policy/policy-document';
import { BUCKET } from './lib/bucket';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...BUCKET,
  id: 's3_delete_permissions',
  title: 'Remove all that policy and ACL of an S3 bucket allow',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['s3:GetBucketPolicy', 's3:GetBucketAcl'],
    write: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketAcl'],
    undo: ['s3:PutBucketPolicy', 's3:PutBucketAcl'],
  },

  inspect: async ({ s3 }, { target }): Promise<State> => ({
    policy: await policyOf(s3, target),
    acl: await aclOf(s3, target),
  }),

  check(state) {
    const { statements, grants } = permissionsOf(state);
    const said = [
      ...(statements.length > 0 ? [`the bucket policy has ${statements.length} statements that allow`] : []),
      ...(grants.length > 0 ? [`the ACL grants ${describeGrants(grants)}`] : []),
    ];
    return said.length > 0 ? `${said.join(', and ')}: remove it${sayDeleted(state.policy)}` : undefined;
  },

  plan(state, { target }) {
    const { statements, grants } = permissionsOf(state);
    const policy = state.policy === undefined ? undefined : parsePolicy(state.policy);
    const kept = policy && statementsOf(policy).filter(isKept);
    const rest = state.acl.grants.filter((grant) => !grants.includes(grant));
    return [
      ...(policy && kept && statements.length > 0
        ? [{ s3: putPolicy(target, { ...policy, Statement: kept }) }]
        : []),
      ...(grants.length > 0 ? [{ s3: putAcl(target, { ...state.acl, grants: rest }) }] : []),
    ];
  },

  undo(before, { target }) {
    const { statements, grants } = permissionsOf(before);
    const policy = statements.length > 0 ? writableText(before.policy ?? '') : undefined;
    return [
      // Where only deleted users and roles were allowed, nothing of it can come back.
      ...(policy === undefined ? [] : [{ s3: putPolicy(target, policy) }]),
      ...(grants.length > 0 ? [{ s3: putAcl(target, before.acl) }] : []),
    ];
  },

  footprint: policyFootprint,
});

interface State {
  readonly policy: string | undefined;
  readonly acl: Acl;
}

/** What is to go. */
function permissionsOf({ policy, acl }: State) {
  const statements = policy === undefined ? [] : statementsOf(parsePolicy(policy));
  return {
    statements: statements.filter((statement) => !isKept(statement)),
    grants: grantsToOthers(acl).filter((grant) => !isLogDelivery(grant)),
  };
}

function isKept(statement: Statement): boolean {
  return statement.Effect === 'Deny' || isDeliveryStatement(statement);
}
