import { CreatePolicyVersionCommand, DeletePolicyVersionCommand, IAMClient } from '@aws-sdk/client-iam';
import { findPolicy } from './lib/find';
import { NO_SUCH_ENTITY, isAboutAll } from './lib/iam';
import {
  MOST_VERSIONS,
  type Versions,
  documentOf,
  documentsOf,
  ownedByAws,
  versionsBack,
  versionsOf,
} from './lib/versions';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Statement, parsePolicy, statementsOf } from '../../../shared/policy/policy-document';

const NOTHING_ELSE = 'policies that allow nothing else, which are held';

export const bot = defineBot({
  id: 'iam_policy_remove_admin_statements',
  title: 'Take full administrative rights out of a managed policy',
  resource: 'AWS::IAM::ManagedPolicy',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  permissions: {
    read: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListPolicyVersions'],
    write: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'],
    undo: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'],
  },
  controls: {
    securityHub: ['IAM.1'],
    cis: { '3.0': ['1.16'], '5.0': ['1.15'], '6.0': ['2.15'], '7.0': ['2.14'] },
    config: ['IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS'],
    prowler: ['iam_customer_attached_policy_no_administrative_privileges'],
    partly: {
      ...{ 'IAM.1': NOTHING_ELSE, 'CIS 1.16': NOTHING_ELSE },
      IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS: NOTHING_ELSE,
      iam_customer_attached_policy_no_administrative_privileges: NOTHING_ELSE,
    },
  },
  docs: {
    why: 'A statement that allows every action on every resource makes an administrator of whoever has the policy.',
    effect: [
      'A version without those statements becomes the default one: all that have the policy lose what only these allowed. All other statements stay.',
      'A policy that says nothing else is held, and so is one of AWS. Where IAM keeps no more versions, the oldest goes.',
      'Undo makes the version before the default one again, deletes the new one, and makes the oldest anew, under another number.',
    ],
    references: [
      'https://docs.aws.amazon.com/config/latest/developerguide/iam-policy-no-statements-with-admin-access.html',
    ],
  },
  finder: findPolicy,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

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
