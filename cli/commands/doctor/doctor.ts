import { CLIENT_DEFAULTS } from '../../../shared/aws/clients';
import type { Keys } from '../../../shared/aws/sessions';
import { partitionOf } from '../../../shared/resources/target';
import { configChecks } from '../../doctor/aws-config';
import { type Patient, type Row, type Site, type Verdict, examine, red, unknown } from '../../doctor/check';
import { exemptionChecks } from '../../doctor/exemptions';
import { memberChecks } from '../../doctor/members';
import { queueChecks } from '../../doctor/queues';
import { homeRoleChecks } from '../../doctor/role';
import { stackChecks } from '../../doctor/stack';
import { webhookChecks } from '../../doctor/webhook';
import { explain, isUnreachable } from '../../terminal/errors';
import { EXIT, type ExitCode } from '../../terminal/exit-codes';
import { type Caller, callerOf, memberCredentials } from '../../installation';
import { clientOptions, regionOf } from '../../place';
import { type Paints, joined, printable, text } from '../../terminal/print';
import { lookAtConfig } from '../../doctor/config';
import type { Result, Session } from '../../session';
import { type Cell, table } from '../../terminal/table';

/** Options of `selfheal doctor`. */
export interface DoctorOptions {
  readonly webhook?: boolean;
}

const COLUMNS = { check: 'whole', is: 'whole', 'what was found': 'prose', 'what to do': 'prose' } as const;

/** `selfheal doctor`: whether the installation is as it should be, and what mends it. Changes nothing. */
export async function doctor(session: Session, options: DoctorOptions): Promise<Result> {
  const { stage } = session.options;
  const begun = await whoAndWhere(session);
  const { caller, rows } = begun;
  if (!caller) return ended(session, rows, EXIT.aws);
  const home = siteOf(session, caller);
  const catalogue = await session.catalogue();
  const { row, config, differences } = await lookAtConfig(session, { stage, home });
  if (!config) return ended(session, [...rows, row, WITHOUT_CONFIG], EXIT.failed);
  const patient: Patient = { stage, config, differences, catalogue, home };
  const found = await session.during('looking', async (tell) => {
    const checks = [
      ...stackChecks(patient),
      ...queueChecks(patient),
      ...webhookChecks(patient, options.webhook ?? false),
      ...configChecks(patient),
      ...homeRoleChecks(patient),
      ...exemptionChecks(patient),
      ...(await memberChecks(patient, {
        role: session.options.assumeRole,
        open: async (account) => {
          const keys = await memberCredentials(session, account, partitionOf(caller.region));
          return siteOf(session, { account, region: caller.region }, keys);
        },
      })),
    ];
    return examine(checks, { stage, region: caller.region }, tell);
  });
  const all = [...rows, row, ...found];
  return ended(session, all, all.some(({ state }) => state === 'red') ? EXIT.failed : EXIT.fine);
}

/** Without credentials or a region nothing else can be looked at. */
async function whoAndWhere(
  session: Session,
): Promise<{ readonly rows: readonly Row[]; readonly caller?: Caller }> {
  const { stage, profile } = session.options;
  let region: string;
  try {
    region = await regionOf(session);
  } catch (error) {
    const { sentence } = explain(error, { stage, region: undefined });
    const mend = 'npx selfheal doctor --region eu-west-1';
    return { rows: [{ id: 'region', state: 'red', says: sentence, mend }, SKIPPED] };
  }
  const where: Row = { id: 'region', state: 'green', says: region };
  try {
    const caller = await callerOf(session);
    return { rows: [{ id: 'credentials', state: 'green', says: caller.arn }, where], caller };
  } catch (error) {
    const { sentence: says } = explain(error, { stage, region });
    const fault: Verdict = isUnreachable(error)
      ? unknown(says, 'repair the network, and run it again')
      : red(says, `aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`);
    return { rows: [{ id: 'credentials', ...fault }, where, SKIPPED] };
  }
}

const WITHOUT_CONFIG: Row = {
  id: 'everything else',
  state: 'skipped',
  says: 'not looked at: what should be there is not known',
  mend: 'correct config.ts first',
};

const SKIPPED: Row = {
  id: 'everything else',
  state: 'skipped',
  says: 'not looked at: AWS cannot be asked',
  mend: 'do what stands beside what is red above',
};

function siteOf(
  { options }: Session,
  { account, region }: { account: string; region: string },
  keys?: Keys,
): Site {
  const { accessKeyId, secretAccessKey, sessionToken } = keys ?? {};
  const credentials = keys && { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  return {
    account,
    region,
    client: (Class, elsewhere = region) =>
      new Class({
        ...clientOptions(options, elsewhere),
        ...CLIENT_DEFAULTS,
        useQueueUrlAsEndpoint: false,
        ...(credentials && { credentials }),
      } as never),
  };
}

function ended({ say, paint, io }: Session, rows: readonly Row[], exit: ExitCode): Result {
  const count = (state: Row['state']) => rows.filter((row) => row.state === state).length;
  say(
    table(
      paint,
      io.columns,
      COLUMNS,
      rows.map((row) => cellsOf(paint, row)),
    ),
  );
  const words = (['green', 'red', 'warning', 'unknown', 'skipped'] as const)
    .filter((state) => state === 'green' || state === 'red' || count(state) > 0)
    .map((state) => text`${count(state)} ${printable(state)}`);
  say(text`\n${joined(words, ', ')}.`);
  return { exit, document: { checks: rows } };
}

function cellsOf(paint: Paints, row: Row): Cell[] {
  const { id, account, state, says } = row;
  const colour = {
    ...{ green: paint.green, red: paint.red, warning: paint.yellow },
    ...{ unknown: paint.yellow, skipped: paint.dim },
  }[state];
  return [
    printable(account === undefined ? id : `${id} ${account}`),
    { text: printable(state), paint: colour },
    printable(says),
    printable(row.state === 'green' ? '' : row.mend),
  ];
}
