import { CreatePolicyVersionCommand, DeletePolicyVersionCommand } from '@aws-sdk/client-iam';
import { isAboutAll } from './lib/iam';
import {
  MOST_VERSIONS,
  type Versions,
  documentOf,
  documentsOf,
  ownedByAws,
  versionsBack,
  versionsOf,
} from './lib/versions';
import { MANAGED_POLICY } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Statement, parsePolicy, statementsOf } from '../../../shared/policy/policy-document';

export const bot = defineBot({
  ...MANAGED_POLICY,
  id: 'iam_policy_remove_admin_statements',
  title: 'Take full administrative rights out of a managed policy',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  permissions: {
    read: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListPolicyVersions'],
    write: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'],
    undo: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'],
  },

  inspect: async ({ iam }, { target: { id } }): Promise<Versions> => versionsOf(iam, id),

  check(state) {
    const count = statementsOf(parsePolicy(documentOf(state))).filter(allowsAll).length;
    return count > 0
      ? `${count} of its statements allow${count > 1 ? '' : 's'} everything on everything`
      : undefined;
  },

  plan(state, { target: { id: PolicyArn } }) {
    const held = ownedByAws(PolicyArn);
    if (held !== undefined) return { held };
    const PolicyDocument = without(documentOf(state));
    if (PolicyDocument === undefined)
      return { held: 'it says nothing else: iam_detach_policy takes it from those that have it' };
    const oldest = state.versions.find(({ id }) => id !== state.current)?.id;
    const isFull = state.versions.length >= MOST_VERSIONS && oldest !== undefined;
    return [
      ...(isFull ? [{ iam: new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest }) }] : []),
      ...afterwards([
        { iam: new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }) },
      ]),
    ];
  },

  undo(before, { target: { id }, now }) {
    const made = without(documentOf(before)) ?? '';
    return versionsBack(id, { before, now, left: made, made });
  },

  footprint: documentsOf,
});

function allowsAll(statement: Statement): boolean {
  return statement.Effect === 'Allow' && isAboutAll(statement);
}

/** The document without those statements; `undefined`: nothing would be left. */
function without(document: string): string | undefined {
  const policy = parsePolicy(document);
  const kept = statementsOf(policy).filter((statement) => !allowsAll(statement));
  return kept.length > 0 ? JSON.stringify({ ...policy, Statement: kept }) : undefined;
}
