import { policyOf, putPolicy } from './lib/bucket-access';
import { policyFootprint, sayDeleted } from '../../../shared/policy/deleted-principals';
import {
  parsePolicy,
  type Policy,
  publicStatements,
  type Statement,
  statementsOf,
  withoutPublic,
} from '../../../shared/policy/policy-document';
import { sayDeputies } from '../../../shared/policy/public-statements';
import { BUCKET } from './lib/bucket';
import { defineBot } from '../../../shared/bot/bot';

/** Actions that begin with these go, in whatever case; IAM does not tell it apart. */
const LIMITED = ['s3:get', 's3:list', 's3:put', 's3:delete', 's3:restoreobject'];

export const bot = defineBot({
  ...BUCKET,
  id: 's3_limit_access',
  title: 'Take reading, writing and deleting from everyone in the policy of an S3 bucket',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['s3:GetBucketPolicy'],
    write: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    undo: ['s3:PutBucketPolicy'],
  },

  inspect: async ({ s3 }, { target }) => ({ policy: await policyOf(s3, target) }),

  check({ policy: text }) {
    const policy = text === undefined ? undefined : parsePolicy(text);
    const actions = policy
      ? faultsOf(policy).flatMap((one) => limitedActions(one) ?? 'all that its NotAction leaves')
      : [];
    return actions.length > 0
      ? `the bucket policy allows everyone ${[...new Set(actions)].join(', ')}: name who may${policy ? sayDeputies(policy) : ''}${sayDeleted(text)}`
      : undefined;
  },

  plan({ policy: text = '' }, { target }) {
    const policy = parsePolicy(text);
    const faults = faultsOf(policy);
    const rest = statementsOf(policy).flatMap((one) => (faults.includes(one) ? limited(one) : [one]));
    return [{ s3: putPolicy(target, { ...policy, Statement: rest }) }];
  },

  undo: ({ policy = '' }, { target }) => [{ s3: putPolicy(target, policy) }],

  footprint: policyFootprint,
});

function faultsOf(policy: Policy): Statement[] {
  return publicStatements(policy).filter((one) => limitedActions(one)?.length !== 0);
}

/** The actions of a public statement that are to go; `undefined`: it does not name its actions. */
function limitedActions({ Action }: Statement): string[] | undefined {
  if (Action === undefined) return undefined;
  return [Action].flat().filter((action) => LIMITED.some((prefix) => reaches(action.toLowerCase(), prefix)));
}

/** Whoever is named keeps the whole statement, everyone what is left of it. */
function limited(statement: Statement): Statement[] {
  const named = statementsOf(withoutPublic({ Statement: [statement] }, [statement]));
  const gone = limitedActions(statement);
  const left = gone && [statement.Action ?? []].flat().filter((action) => !gone.includes(action));
  if (!left || left.length === 0) return [...named];
  const { Sid, ...rest } = { ...statement, Action: left };
  // A policy takes each Sid once.
  return named.length > 0 ? [...named, rest] : [{ ...statement, Action: left }];
}

/** Some action that begins with the prefix matches the pattern, in which `*` and `?` are wild. */
function reaches(pattern: string, prefix: string): boolean {
  const [head = '', ...tail] = pattern.split('*');
  const fits = Array.from(head.slice(0, prefix.length)).every(
    (char, at) => char === '?' || char === prefix[at],
  );
  return fits && (tail.length > 0 || head.length >= prefix.length);
}
