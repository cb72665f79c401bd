import { randomBytes } from 'node:crypto';
import { configFaults } from '../../../deploy/check-config';
import { DEFAULT_WEBHOOK, ROUTED_SOURCES } from '../../../shared/config';
import { presets } from '../../../shared/presets/presets';
import { quoted } from '../../doctor/check';
import { newConfigFile, writeNewConfig } from '../../new-config';
import { type Result, type Session, botNamed, confirm } from '../../session';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { joined, printable, text } from '../../terminal/print';
import { type Answers, PARTS, configOf, isPreset, sourceOf, wordsOf } from './source';

/** Options of `selfheal init`: an answer to each question. */
export interface InitOptions extends Partial<Answers> {
  readonly externalId?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

interface Question {
  readonly key: keyof Answers;
  readonly flag: string;
  readonly asks: string;
  /** What nothing typed means. */
  readonly usual: string;
  readonly choices?: readonly string[];
}

const QUESTIONS: readonly Question[] = [
  {
    key: 'members',
    flag: '--members',
    asks: 'Other accounts: your organization (o-…) or account ids, with commas; or none',
    usual: 'none',
  },
  {
    key: 'bots',
    flag: '--bots',
    asks: `Bots: ${Object.keys(presets).join(', ')}, few (safe ones), or ids, with commas`,
    usual: 'few',
  },
  {
    key: 'events',
    flag: '--events',
    asks: `Findings over EventBridge: ${ROUTED_SOURCES.join(', ')}, with commas; or none`,
    usual: 'none',
  },
  {
    key: 'slackParameter',
    flag: '--slack-parameter',
    asks: 'SSM parameter that holds the URL of the Slack webhook',
    usual: DEFAULT_WEBHOOK.parameter,
  },
  {
    key: 'mode',
    flag: '--mode',
    asks: 'How far bots may go: plan (only tell), approve (ask a person), auto (repair)',
    usual: 'plan',
    choices: ['plan', 'approve', 'auto'],
  },
];

/** What follows when auto response is turned on, by the mode that was asked for. */
const TURNED_ON: Readonly<Record<string, string>> = {
  plan: 'has bots tell of it',
  approve: 'has people asked for it',
  auto: 'has it done',
};

/**
 * `selfheal init`: asks five questions, or takes flags, and writes config.ts into this folder, or the file that
 * SELFHEAL_CONFIG names. Asks AWS nothing.
 *
 * @throws Problem when there is one already, an answer is wrong, or nobody can be asked.
 */
export async function init(session: Session, options: InitOptions): Promise<Result> {
  const { say, paint } = session;
  const file = newConfigFile(undefined, options.force);
  const externalId = options.externalId ?? `selfheal-${randomBytes(12).toString('hex')}`;
  const { answers, asked } = await answersOf(session, options, externalId);
  if (options.externalId !== undefined && wordsOf(answers.members).length === 0) {
    throw new Problem('--external-id is what members ask for: say which, with --members');
  }
  const config = configOf(answers, externalId);
  const [fault] = configFaults(config, await session.catalogue());
  if (fault) throw new Problem(`nothing was written: ${fault.at}: ${fault.says}`);
  const source = sourceOf(answers, externalId);
  if (asked) {
    say(
      joined(
        source.split('\n').map((line) => printable(line)),
        '\n',
      ),
    );
    await confirm(session, `Write ${file}?`, false);
  }
  await writeNewConfig(file, source, options.force);
  say(text`${paint.green(text`Wrote ${printable(file)}.`)} Next:\n`);
  for (const [command, why] of nextSteps(session, answers)) {
    say(text`  ${printable(command)}\n      ${paint.dim(printable(why))}`);
  }
  return { exit: EXIT.fine, document: { file, config } };
}

async function answersOf(
  session: Session,
  options: InitOptions,
  externalId: string,
): Promise<{ answers: Answers; asked: boolean }> {
  const { io, note } = session;
  const missing = QUESTIONS.filter(({ key }) => options[key] === undefined);
  const question = options.yes || session.options.json ? undefined : io.question;
  if (missing.length > 0 && !question && !options.yes) {
    const flags = missing.map(({ flag }) => flag).join(', ');
    throw new Problem(
      `nothing was written: nobody can be asked; pass --yes for the defaults, or say ${flags}`,
    );
  }
  const answers: Partial<Record<keyof Answers, string>> = {};
  for (const each of QUESTIONS) {
    const given = options[each.key] ?? (question ? undefined : each.usual);
    answers[each.key] = given === undefined ? await typed(each) : await judged(each, given);
  }
  return { answers: answers as Answers, asked: missing.length > 0 && question !== undefined };

  /** Asks again until the answer is right: the usual one always is. */
  async function typed(each: Question): Promise<string> {
    for (;;) {
      const answer = (await question?.(text`${printable(each.asks)} [${printable(each.usual)}]:`)) ?? '';
      try {
        return await judged(each, answer === '' ? each.usual : answer);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        note(printable(error.message));
      }
    }
  }

  /** The answer with names of bots as the catalogue has them. */
  async function judged({ key, flag, choices }: Question, answer: string): Promise<string> {
    if (choices && !choices.includes(answer)) {
      throw new Problem(`${flag} takes ${choices.join(', ')}, not ${JSON.stringify(answer)}`);
    }
    const right = key === 'bots' ? (await Promise.all(wordsOf(answer).map(botOf))).join(',') : answer;
    const part = { enable_auto_response: false, bots: {}, ...PARTS[key](right, externalId) };
    const [fault] = configFaults(part, await session.catalogue());
    if (fault) throw new Problem(`${flag}: ${fault.at}: ${fault.says}`);
    return right;
  }

  async function botOf(word: string): Promise<string> {
    return word === 'few' || isPreset(word) ? word : (await botNamed(session, word)).id;
  }
}

function nextSteps({ options }: Session, answers: Answers): (readonly [command: string, why: string])[] {
  const at = ` --region ${quoted(options.region ?? 'eu-west-1')}`;
  const preset = wordsOf(answers.bots).find(isPreset);
  return [
    ['npx selfheal validate', 'what it would deploy'],
    ...(preset === undefined
      ? []
      : [
          [
            `npx selfheal presets ${preset}`,
            'which parameters it has yet to give, and what is paid for',
          ] as const,
        ]),
    [
      `aws ssm put-parameter --name ${quoted(answers.slackParameter)} --type SecureString --value https://hooks.slack.com/services/…${at}`,
      'where the notifier reads the address of Slack',
    ],
    [`npx selfheal deploy${at}`, 'deploy it'],
    ...(wordsOf(answers.members).length === 0
      ? []
      : [
          [
            `npx selfheal member-template --account 111122223333${at} > member.json`,
            'what to deploy in each member, of your own account id: docs/members.md',
          ] as const,
        ]),
    [`npx selfheal doctor${at}`, 'check the installation'],
    [`npx selfheal queue${at}`, `what would be done; enable_auto_response: true ${TURNED_ON[answers.mode]}`],
  ];
}
