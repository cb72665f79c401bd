import { readFinding } from '../../../functions/findings/read';
import type { Reading } from '../../../functions/findings/source';
import { findBot } from '../../../shared/catalogue';
import type { Config, Mode } from '../../../shared/config';
import { type Wanted, gateOf, wantedBy } from '../../../shared/worker/windows';
import { stageOf } from '../../../shared/rollout';
import { admit } from '../../../shared/worker/admission';
import { targetText } from '../../describe';
import { EXIT } from '../../terminal/exit-codes';
import { type Filed, findingsIn } from '../../finding-file';
import { type Printable, compact, joined, printable, text } from '../../terminal/print';
import type { Result, Session } from '../../session';

/** Options of `selfheal explain`. */
export interface ExplainOptions {
  readonly account?: string;
  readonly home?: string;
  /** Judge by what is deployed, in place of config.ts here. */
  readonly deployed?: boolean;
}

/** Said to be assumed, where neither the caller nor the finding says where selfheal is. */
const ASSUMED = { account: '111122223333', region: 'eu-west-1' } as const;

/** `selfheal explain <files>`: step by step, what would happen to findings and why. Asks AWS nothing. */
export async function explainFinding(
  session: Session,
  files: readonly string[],
  options: ExplainOptions,
): Promise<Result> {
  const config = await (options.deployed ? session.config() : session.localConfig());
  const catalogue = await session.catalogue();
  const documents: Document[] = [];
  for await (const message of findingsIn(files)) {
    const named = options.account ?? accountIn(message.text);
    const accountId = named ?? ASSUMED.account;
    const region = options.home ?? ASSUMED.region;
    const { source, readings } = readFinding({ config, catalogue, accountId, region }, message);
    const home = { accountId, region };
    documents.push({
      ...{ source, account: accountId, region },
      assumed:
        named === undefined ? 'account' : options.account === undefined ? 'from the finding' : undefined,
      steps: await Promise.all(readings.map((reading) => stepOf(reading, home, message))),
    });
  }
  session.say(
    joined(
      documents.map((document) => page(document)),
      '\n\n',
    ),
  );
  const unusable = documents.some(({ steps }) => steps.some(({ result }) => result === 'dead letter'));
  return { exit: unusable ? EXIT.failed : EXIT.fine, document: { findings: documents } };

  function typesOf(bot: string) {
    return catalogue.find(({ id }) => id === bot)?.resource ?? 'resource';
  }

  async function stepOf(
    reading: Reading,
    home: { readonly accountId: string; readonly region: string },
    { messageId, sentAt, isUnnamed }: Filed,
  ): Promise<Step> {
    if ('declined' in reading) return { result: 'declined', because: reading.declined } as const;
    if ('unusable' in reading) return { result: 'dead letter', because: reading.unusable } as const;
    if ('survey' in reading) {
      const { bot, account, region } = reading.survey;
      const because = `${bot} is to look at every ${typesOf(bot)} in ${region} of account ${account}`;
      return { result: 'surveyed', because } as const;
    }
    const { bot, target, params, finding } = reading.remediation;
    const entry = findBot(catalogue, bot, target.type);
    const admission = entry && admit({ config, home, bot: entry, target, isLocated: false });
    const hours = await hoursOf(config, wantedBy(reading.remediation, catalogue));
    const stage = entry && stageOf(config, { bot: entry, target, severity: finding.severity });
    return {
      result: 'enqueued',
      bot,
      target,
      params,
      finding,
      ...hours,
      ...{ mode: stage?.mode ?? 'plan', modeBy: stage?.by ?? '' },
      known: {
        ...(isUnnamed && finding.id === messageId ? {} : { id: finding.id }),
        ...(isUnnamed && finding.time === sentAt ? {} : { time: finding.time }),
      },
      ...(admission && 'exempt' in admission && { exemption: admission.exempt }),
    } as const;
  }
}

interface Document {
  readonly source: string | undefined;
  readonly account: string;
  readonly region: string;
  /** What of it nobody has said: that selfheal is where the finding is, or the very account. */
  readonly assumed: 'account' | 'from the finding' | undefined;
  readonly steps: readonly Step[];
}
type Step =
  | { readonly result: 'declined' | 'dead letter' | 'surveyed'; readonly because: string }
  | {
      readonly result: 'enqueued';
      readonly bot: string;
      readonly target: Parameters<typeof targetText>[0];
      readonly params: object;
      readonly finding: object;
      readonly mode: Mode;
      /** What of config.ts says so. */
      readonly modeBy: string;
      /** What the finding says of itself, by which a repetition is told from a new one. */
      readonly known: { readonly id?: string; readonly time?: string };
      readonly exemption?: string;
      readonly waits?: string;
      readonly calendars?: readonly string[];
    };

function page({ source, account, region, assumed, steps }: Document): Printable {
  const why = {
    account: text` (assumed: --account says another)`,
    'from the finding': text` (assumed, as the finding names it: --account says another)`,
  };
  const where = text`${printable(account)}, ${printable(region)}${assumed === undefined ? text`` : why[assumed]}`;
  const speaker = source === undefined ? text`nobody known` : printable(source);
  return joined(
    [
      text`1. spoken by   ${speaker}`,
      text`2. installed   in account ${where}`,
      ...steps.flatMap((step, index) => linesOf(step, index + 3)),
    ],
    '\n',
  );
}

const THEN = {
  off: text`nothing`,
  plan: text`the bot only tells what it would do`,
  approve: text`the bot looks again, and asks a person before it repairs what it still finds`,
  auto: text`the bot looks again, and repairs what it still finds`,
} as const;

function linesOf(step: Step, number: number): Printable[] {
  if (step.result !== 'enqueued') {
    const what = {
      declined: text`declined    nothing is done`,
      surveyed: text`surveyed    the control judges an account`,
      'dead letter': text`dead letter kept with its reason`,
    }[step.result];
    return [text`${number}. ${what}: ${printable(step.because)}`];
  }
  const { bot, target, params, known, mode, modeBy, exemption, waits, calendars = [] } = step;
  const then =
    exemption !== undefined
      ? text`nothing: config.ts exempts the resource (${printable(exemption)})`
      : text`${THEN[mode]} (mode ${printable(mode)}, by ${printable(modeBy)})`;
  return [
    text`${number}. enqueued    ${printable(bot)} on ${targetText(target)}`,
    text`               with ${Object.keys(params).length > 0 ? compact(params) : text`the parameters of config.ts`}`,
    text`               ${repeatsText(known)}`,
    text`               then ${then}`,
    ...(waits === undefined ? [] : [text`               but not now: ${printable(waits)}`]),
    ...calendars.map(
      (name) => text`               and only while the Change Calendar ${printable(name)} is open`,
    ),
  ];
}

/** Why it would wait now, and the calendars that would be asked: AWS is asked nothing here. */
async function hoursOf(
  config: Config,
  wanted: Wanted,
): Promise<{ readonly waits?: string; readonly calendars?: readonly string[] }> {
  const calendars: string[] = [];
  const closed = await gateOf(config, (name) => {
    calendars.push(name);
    return Promise.resolve({ state: 'open' });
  })(wanted);
  return { ...(closed && { waits: closed.reason }), ...(calendars.length > 0 && { calendars }) };
}

function repeatsText({ id, time }: { readonly id?: string; readonly time?: string }): Printable {
  if (id !== undefined && time !== undefined) {
    return text`repeats are known by the id ${printable(id)} and the time ${printable(time)}`;
  }
  const lacking =
    id === undefined ? (time === undefined ? text`neither id nor time` : text`no id`) : text`no time`;
  return text`repeats are not known: the finding gives ${lacking}, so that each message counts as a new one`;
}

/** The account that the finding names, wherever it does: an installation there is what is asked about. */
function accountIn(content: string): string | undefined {
  return /"(?:account|accountId|AwsAccountId|recipientAccountId|id)"\s*:\s*"(\d{12})"/i.exec(content)?.[1];
}
