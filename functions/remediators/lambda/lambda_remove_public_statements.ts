import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import {
  type FunctionPolicies,
  FUNCTION,
  ITSELF,
  at,
  everyonesPermission,
  policiesOf,
  untouchableFunction,
} from './lib/functions';
import {
  type Statement,
  publicStatements,
  statementsOf,
  withoutPublic,
} from '../../../shared/policy/policy-document';
import { sayDeputies } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  ignore: z
    .array(z.string())
    .default([])
    .describe('Sids of statements that are public on purpose, such as those of a URL without authentication'),
});

export const bot = defineBot({
  ...FUNCTION,
  id: 'lambda_remove_public_statements',
  title: 'Remove public statements from the policy of a Lambda function',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  params,
  from: { ignore: 'config' },
  permissions: {
    read: ['lambda:GetPolicy', 'lambda:ListAliases'],
    write: ['lambda:RemovePermission'],
    undo: ['lambda:AddPermission'],
  },

  inspect: async ({ lambda }, { target: { id } }) => ({ policies: await policiesOf(lambda, id) }),

  check(state, { params: { ignore } }) {
    const names = faultsOf(state, ignore).map(({ qualifier, statement: { Sid = 'without a Sid' } }) =>
      qualifier === ITSELF ? Sid : `${Sid} of ${qualifier}`,
    );
    const Statement = Object.values(state.policies).flat();
    return names.length > 0
      ? `the policy lets everyone in by statement ${names.join(', ')}${sayDeputies({ Statement: [...Statement] })}`
      : undefined;
  },

  plan(state, { target: { id: FunctionName }, params: { ignore } }) {
    const held = untouchableFunction(FunctionName);
    if (held !== undefined) return { held };
    const faults = faultsOf(state, ignore);
    const steps = faults.flatMap(({ qualifier, statement }) => {
      const { Sid: StatementId } = statement;
      if (StatementId === undefined || namesOthers(statement)) return [];
      return [{ lambda: new RemovePermissionCommand({ ...at(FunctionName, qualifier), StatementId }) }];
    });
    return steps.length > 0
      ? steps
      : { held: 'the statement has no Sid, or also names others: rewrite the policy by hand' };
  },

  undo({ policies }, { target: { id }, now }) {
    const missing = Object.entries(policies).flatMap(([qualifier, statements]) =>
      statements
        .filter(({ Sid }) => !now.policies[qualifier]?.some((one) => one.Sid === Sid))
        .map((statement) => ({ Sid: statement.Sid, lambda: everyonesPermission(id, qualifier, statement) })),
    );
    const lost = missing.find(({ lambda }) => lambda === undefined);
    if (lost)
      return { irreversible: `AddPermission cannot make the statement ${lost.Sid}: write it by hand` };
    return missing.flatMap(({ lambda }) => (lambda ? [{ lambda }] : []));
  },
});

interface State {
  readonly policies: FunctionPolicies;
}

function faultsOf({ policies }: State, ignore: readonly string[]) {
  return Object.entries(policies).flatMap(([qualifier, statements]) =>
    publicStatements({ Statement: [...statements] })
      .filter(({ Sid }) => Sid === undefined || !ignore.includes(Sid))
      .map((statement) => ({ qualifier, statement })),
  );
}

function namesOthers(statement: Statement): boolean {
  return statementsOf(withoutPublic({ Statement: [statement] }, [statement])).length > 0;
}
