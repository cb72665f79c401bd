import { typesOf } from '../../../shared/bot/bot';
import { settingsOf } from '../../../shared/config';
import type { Exemption } from '../../../shared/config/exemptions';
import { coversNothing, daysLeft, scopeText } from '../../../shared/exemption-ends';
import { admit } from '../../../shared/worker/admission';
import { covers } from '../../../shared/worker/exemptions';
import { counted } from '../../describe';
import { type FaultFound, faultsNow } from '../../faults';
import { type Caller, callerOf } from '../../installation';
import type { Result, Session } from '../../session';
import { EXIT } from '../../terminal/exit-codes';
import { type Printable, printable, text } from '../../terminal/print';
import { type Cell, table } from '../../terminal/table';

/** Options of `selfheal exemptions`. */
export interface ExemptionsOptions {
  /** Whether to look what they hide now. */
  readonly look?: boolean;
}

const COLUMNS = {
  exempt: 'name',
  reason: 'prose',
  'asked by': 'prose',
  'approved by': 'prose',
  ends: 'prose',
  'hides now': 'prose',
} as const;

interface Listed {
  readonly exemption: Exemption;
  readonly daysLeft: number | undefined;
  /** Why it can cover nothing. */
  readonly nothing: string | undefined;
  /** Faults that bots would repair without it; absent: nobody has looked. */
  readonly hides?: readonly Pick<FaultFound, 'bot' | 'target'>[];
}

/**
 * `selfheal exemptions`: what config.ts exempts, who asked, until when, and what each hides now in the account and region of
 * the installation. Writes nothing.
 */
export async function exemptions(session: Session, { look = true }: ExemptionsOptions): Promise<Result> {
  const { exemptions: all = [], exemptionTags = [], ...config } = await session.config();
  const caller = await callerOf(session);
  const now = Date.now();
  const listed = all.map((exemption) => ({
    exemption,
    daysLeft: daysLeft(exemption, now),
    nothing: coversNothing(config, caller.account, exemption),
  }));
  const looked = look && all.length > 0 ? await withHidden(session, caller, listed, now) : undefined;
  session.say(listText(session, looked?.listed ?? listed, exemptionTags.length));
  const failures = looked?.failures ?? [];
  if (failures.length > 0) {
    session.note(text`${session.paint.red(text`failed`)} ${counted(failures.length, 'look')}: see --json.`);
  }
  return {
    exit: failures.length > 0 ? EXIT.failed : EXIT.fine,
    document: {
      exemptions: (looked?.listed ?? listed).map(({ exemption, ...rest }) => ({ ...exemption, ...rest })),
      ...(exemptionTags.length > 0 && { exemptionTags }),
      ...(looked && { account: caller.account, region: caller.region, failures }),
    },
  };
}

/** Looks only at what an exemption covers, by the enabled posture bots that it keeps away. */
async function withHidden(session: Session, caller: Caller, listed: readonly Listed[], now: number) {
  const config = await session.config();
  const today = new Date(now).toISOString().slice(0, 10);
  const { account, region } = caller;
  const home = { accountId: account, region };
  const entries = (await session.catalogue()).filter(
    (entry) =>
      entry.kind === 'posture' &&
      settingsOf(config, entry.id) &&
      listed.some(({ exemption: { bot } }) => bot === undefined || bot === entry.id) &&
      !('refused' in admit({ config, home, bot: entry, target: { account, region }, byHand: true })),
  );
  const { found, failures } = await faultsNow(session, {
    ...{ entries, places: [{ account, region }], home },
    wants: (entry, target) =>
      typesOf(entry).includes(target.type) &&
      listed.some(({ exemption }) => covers(exemption, entry.id, target, today)),
  });
  const hidden = listed.map((one) => ({
    ...one,
    hides: found
      .filter(({ bot, target }) => covers(one.exemption, bot, target, today))
      .map(({ bot, target }) => ({ bot, target })),
  }));
  return { listed: hidden, failures };
}

function listText({ paint, io }: Session, listed: readonly Listed[], tags: number): Printable {
  const byTag =
    tags > 0
      ? text`\n${counted(tags, 'tag')} of config.ts may exempt resources as well: each repair looks at its own.`
      : text``;
  if (listed.length === 0) return text`config.ts exempts nothing.${byTag}`;
  const rows = listed.map(({ exemption, daysLeft: days, nothing, hides }): Cell[] => {
    const { reason, owner, approver = '-' } = exemption;
    return [
      printable(scopeText(exemption)),
      printable(reason),
      printable(owner),
      printable(approver),
      endCell(exemption, days),
      nothing === undefined
        ? text`${hides === undefined ? text`-` : hidesText(hides)}`
        : { text: text`nothing: ${printable(nothing)}`, paint: paint.yellow },
    ];
  });
  return text`${table(paint, io.columns, COLUMNS, rows)}\n\n${counted(listed.length, 'exemption')}.${byTag}`;

  function endCell({ until = '' }: Exemption, days: number | undefined): Cell {
    if (days === undefined) return text`never`;
    if (days <= 0) return { text: text`${printable(until)}, it is over`, paint: paint.red };
    const end = text`${printable(until)}, in ${counted(days, 'day')}`;
    return days <= 14 ? { text: end, paint: paint.yellow } : end;
  }
}

function hidesText(hides: NonNullable<Listed['hides']>): Printable {
  const [first] = hides;
  if (!first) return text`nothing is wrong`;
  const more = hides.length > 1 ? text`, and ${hides.length - 1} more` : text``;
  return text`${counted(hides.length, 'fault')}: ${printable(first.target.id)}${more}`;
}
