import { BOTS_PATH } from '../../deploy/accounts';
import { STAGE } from '../../deploy/template';

/** Who is to be trusted by the remediation role, and on what condition. */
export interface WantedTrust {
  readonly partition: string;
  readonly home: string;
  readonly stage: string;
  readonly externalId?: string | undefined;
  readonly organization?: string | undefined;
}

/** What a trust policy comes to. */
export interface Trusts {
  /** The bots may assume the role and tag the session; else why not, or why that cannot be told. */
  readonly bots: true | { readonly no: string } | { readonly unclear: string };
  /** Statements that let somebody in who does not give the ExternalId of config.ts, as sentences. */
  readonly open: readonly string[];
}

/** Both are asked for when a bot opens a session. Source: STS, AssumeRole, Tags. */
const NEEDED = ['sts:AssumeRole', 'sts:TagSession'];
/** Whatever opens a role to somebody. */
const DOORS = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];

/**
 * Reads a trust policy. IAM's simulation leaves trust policies out, and bots are the only ones who may assume the role:
 * what is not written in a way that is understood here is unclear, and never taken for well.
 *
 * @throws Error when it is not JSON.
 */
export function readTrust(document: string, wanted: WantedTrust): Trusts {
  const statements = list((JSON.parse(document) as { Statement?: unknown }).Statement).map(
    (statement) => statement as Statement,
  );
  const doors = statements.filter(({ Effect }) => Effect === 'Allow').filter((one) => touches(one, DOORS));
  return {
    bots: botsOf(statements, wanted),
    open: doors.flatMap((door) => {
      const said = externalIdsOf(door);
      if (said && list(said).every((id) => id === wanted.externalId)) return [];
      const who = JSON.stringify(door.Principal ?? door.NotPrincipal ?? {});
      return [`${who} may assume it ${said ? 'with another ExternalId' : 'without an ExternalId'}`];
    }),
  };
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

function botsOf(statements: readonly Statement[], wanted: WantedTrust): Trusts['bots'] {
  if (statements.some((one) => one.Effect === 'Deny' && touches(one, NEEDED))) {
    return { unclear: 'its trust policy denies somebody, and whom is not judged here' };
  }
  const letIn = statements.filter((one) => one.Effect === 'Allow' && namesHome(one, wanted));
  for (const action of NEEDED) {
    const verdicts = letIn
      .filter((one) => touches(one, [action]))
      .map((one) => conditionsOf(one, action, wanted));
    if (verdicts.includes(true)) continue;
    const what = action === 'sts:AssumeRole' ? `trust account ${wanted.home}` : `allow it ${action}`;
    return (
      verdicts.find((verdict) => verdict !== true && 'unclear' in verdict) ??
      verdicts[0] ?? { no: `it does not ${what}` }
    );
  }
  return true;
}

/** Whether the conditions of a statement hold for a bot. */
function conditionsOf({ Condition = {} }: Statement, action: string, wanted: WantedTrust): Trusts['bots'] {
  const bot = `arn:${wanted.partition}:iam::${wanted.home}:role${BOTS_PATH.replace(STAGE, wanted.stage)}any-bot`;
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, value] of Object.entries(keys)) {
      const values = list(value);
      const isExact = operator === 'StringEquals';
      switch (key.toLowerCase()) {
        case 'sts:externalid':
          // AWS does not list the key for sts:TagSession.
          if (action !== 'sts:AssumeRole') break;
          if (isExact && values.includes(wanted.externalId)) continue;
          if (isExact) return { no: 'it asks for another ExternalId than that of config.ts' };
          break;
        case 'aws:principalarn':
          if (!/^(Arn|String)(Like|Equals)$/.test(operator)) break;
          if (values.some((pattern) => matches(String(pattern), bot))) continue;
          return { no: `it does not trust the bots of stage ${wanted.stage} of account ${wanted.home}` };
        case 'aws:tagkeys':
          if (operator === 'ForAllValues:StringEquals' && values.includes('selfheal:bot')) continue;
          break;
        case 'aws:principalorgid':
          if (isExact && wanted.organization !== undefined && values.includes(wanted.organization)) continue;
          break;
      }
      return { unclear: `its trust policy has a condition on ${key} that is not judged here` };
    }
  }
  return true;
}

function namesHome({ Principal }: Statement, { partition, home }: WantedTrust): boolean {
  if (typeof Principal !== 'object') return Principal === '*';
  const accounts = list(Principal.AWS);
  return [home, `arn:${partition}:iam::${home}:root`, '*'].some((name) => accounts.includes(name));
}

/** What is asked for in so many words; a condition that also holds without the key asks for nothing. */
function externalIdsOf({ Condition = {} }: Statement): string | readonly string[] | undefined {
  return Object.entries(Condition.StringEquals ?? {}).find(
    ([key]) => key.toLowerCase() === 'sts:externalid',
  )?.[1];
}

function touches(statements: Statement | readonly Statement[], actions: readonly string[]): boolean {
  return list(statements).some((statement) => {
    const { Action, NotAction } = statement as Statement;
    const isIn = (patterns: unknown, action: string) =>
      list(patterns).some((pattern) => matches(String(pattern).toLowerCase(), action.toLowerCase()));
    return actions.some((action) =>
      NotAction === undefined ? isIn(Action, action) : !isIn(NotAction, action),
    );
  });
}

/** As IAM reads `*` and `?`. */
function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
