import { readFinding } from '../../../functions/findings/read';
import type { Reading } from '../../../functions/findings/source';
import { findBot } from '../../../shared/catalogue';
import type { Config, Mode } from '../../../shared/config';
import { type Wanted, gateOf, wantedBy } from '../../../shared/worker/windows';
import { stageOf } from '../../../shared/rollout';
import { admit } from '../../../shared/worker/admission';
import { targetText } from '../../describe';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { findingsIn } from '../../finding-file';
import { type Printable, compact, joined, printable, text } from '../../terminal/print';
import type { Result, Session } from '../../session';

/** Options of `selfheal explain`. */
export interface ExplainOptions {
  readonly account?: string;
  readonly home?: string;
}

/** `selfheal explain <file>`: step by step, what would happen to findings and why. Asks AWS nothing. */
export async function explainFinding(
  session: Session,
  file: string,
  options: ExplainOptions,
): Promise<Result> {
  const config = await session.config();
  const catalogue = await session.catalogue();
  const found = await findingsIn(file);
  if (found.length === 0) throw new Problem(`${file} holds no finding`);
  const documents = await Promise.all(found.map(documentOf));
  session.say(
    joined(
      documents.map((document) => page(document)),
      '\n\n',
    ),
  );
  const unusable = documents.some(({ steps }) => steps.some(({ result }) => result === 'dead letter'));
  return { exit: unusable ? EXIT.failed : EXIT.fine, document: { findings: documents } };

  async function documentOf(message: (typeof found)[number]) {
    const accountId = options.account ?? accountIn(message.text) ?? '111122223333';
    const region = options.home ?? 'eu-west-1';
    const { source, readings } = readFinding({ config, catalogue, accountId, region }, message);
    const home = { accountId, region };
    const steps = await Promise.all(readings.map((reading) => stepOf(reading, home)));
    return { source, account: accountId, steps };
  }

  function typesOf(bot: string) {
    return catalogue.find(({ id }) => id === bot)?.resource ?? 'resource';
  }

  async function stepOf(reading: Reading, home: { readonly accountId: string; readonly region: string }) {
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
      ...(admission && 'exempt' in admission && { exemption: admission.exempt }),
    } as const;
  }
}

interface Document {
  readonly source: string | undefined;
  readonly account: string;
  readonly steps: readonly Step[];
}
type Step =
  | { readonly result: 'declined' | 'dead letter' | 'surveyed'; readonly because: string }
  | {
      readonly result: 'enqueued';
      readonly bot: string;
      readonly target: Parameters<typeof targetText>[0];
      readonly params: object;
      readonly finding: { readonly id: string; readonly time: string };
      readonly mode: Mode;
      /** What of config.ts says so. */
      readonly modeBy: string;
      readonly exemption?: string;
      readonly waits?: string;
      readonly calendars?: readonly string[];
    };

function page({ source, account, steps }: Document): Printable {
  const speaker = source === undefined ? text`nobody known` : printable(source);
  return joined(
    [
      text`1. spoken by   ${speaker}`,
      text`2. installed in account ${printable(account)}`,
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
  const { bot, target, params, finding, mode, modeBy, exemption, waits, calendars = [] } = step;
  const then =
    exemption !== undefined
      ? text`nothing: config.ts exempts the resource (${printable(exemption)})`
      : text`${THEN[mode]} (mode ${printable(mode)}, by ${printable(modeBy)})`;
  return [
    text`${number}. enqueued    ${printable(bot)} on ${targetText(target)}`,
    text`               with ${Object.keys(params).length > 0 ? compact(params) : text`the parameters of config.ts`}`,
    text`               repeats are known by ${printable(finding.id)} at ${printable(finding.time)}`,
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

/** The account that the finding names, wherever it does: an installation there is what is asked about. */
function accountIn(content: string): string | undefined {
  return /"(?:account|accountId|AwsAccountId|recipientAccountId|id)"\s*:\s*"(\d{12})"/i.exec(content)?.[1];
}
