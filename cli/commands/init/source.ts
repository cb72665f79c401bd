import type { Config, Mode, RoutedSource } from '../../../shared/config';
import { presets } from '../../../shared/presets/presets';
import { literal, quoted } from '../../config-text';

/** What the questions are about. */
export interface Answers {
  /** `none`, or an organization and accounts, with commas. */
  readonly members: string;
  /** Presets, `few` and ids of bots, with commas. */
  readonly bots: string;
  /** Sources, with commas; or `none`. */
  readonly events: string;
  /** The SSM parameter that holds the webhook's URL. */
  readonly slackParameter: string;
  /** `plan`, `approve` or `auto`. */
  readonly mode: string;
}

/** What is enabled where nobody says more: bots that stop nothing and remove nothing. */
export const FEW = [
  'cloudtrail_enable_log_file_validation',
  'ecr_enable_scanning',
  'kms_enable_rotation',
  'rds_copy_tags_to_snapshots',
  'rds_enable_auto_minor_version_upgrade',
  'redshift_enable_version_upgrade',
] as const;

/** The words of a list with commas. */
export function wordsOf(answer: string): string[] {
  return answer
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== 'none');
}

/** Whether a word names a preset. */
export function isPreset(word: string): word is keyof typeof presets {
  return Object.hasOwn(presets, word);
}

/** What each answer says in config.ts, unjudged. */
export const PARTS: {
  readonly [K in keyof Answers]: (answer: string, externalId: string) => Partial<Config>;
} = {
  members: (answer, externalId) => ({ accounts: accountsOf(wordsOf(answer), externalId) }),
  bots: (answer) => {
    const lists = wordsOf(answer).map((word) => (isPreset(word) ? presets[word] : enabled(singles(word))));
    return { bots: lists.reduce<Config['bots']>((all, list) => ({ ...all, ...list }), {}) };
  },
  events: (answer) => {
    const events = wordsOf(answer) as RoutedSource[];
    return events.length > 0 ? { findings: { events } } : {};
  },
  slackParameter: (parameter) => ({ slack: { webhook: { parameter } } }),
  mode: (mode) => (mode === 'auto' ? {} : { rollout: [{ mode: mode as Mode }] }),
};

/** The config that the answers come to, as {@link sourceOf} writes it. */
export function configOf(answers: Answers, externalId: string): Config {
  const parts = Object.entries(PARTS).map(([key, part]) => part(answers[key as keyof Answers], externalId));
  return parts.reduce<Config>((all, part) => ({ ...all, ...part }), {
    enable_auto_response: false,
    bots: {},
  });
}

/** The text of config.ts. Whatever was typed stands in it as a string, and nowhere else. */
export function sourceOf(answers: Answers, externalId: string): string {
  const { accounts, enable_auto_response, findings, rollout, slack } = configOf(answers, externalId);
  const words = wordsOf(answers.bots);
  const bots = words.flatMap((word) =>
    isPreset(word)
      ? [`    ...presets${/^[a-z]+$/.test(word) ? `.${word}` : `[${quoted(word)}]`},`]
      : singles(word).map((id) => `    ${id}: { enabled: true },`),
  );
  const lines = [
    `import { defineConfig${words.some(isPreset) ? ', presets' : ''} } from 'selfheal';`,
    '',
    '/** Written by `npx selfheal init`; `npx selfheal validate` says what it would deploy. */',
    'export default defineConfig({',
    '  /** Off: findings wait in the queue; `npx selfheal queue` shows what would be done. `true`: it is done. */',
    `  enable_auto_response: ${String(enable_auto_response)},`,
    ...(rollout
      ? [
          `  /** Once it is on, no bot goes further than ${quoted(rollout[0]?.mode ?? '')}. */`,
          `  rollout: ${literal(rollout)},`,
        ]
      : []),
    '',
    '  /** `npx selfheal bots` lists them all, `npx selfheal presets` the lists in one word. */',
    ...(bots.length > 0 ? ['  bots: {', ...bots, '  },'] : ['  bots: {},']),
    '',
    ...(findings
      ? ['  /** Sources whose EventBridge events are taken in. */', `  findings: ${literal(findings)},`, '']
      : []),
    '  /** In which accounts bots act. */',
    `  accounts: ${literal(accounts)},`,
    '',
    '  /** Where the URL of the webhook is kept; it stands in no template. */',
    `  slack: ${literal(slack)},`,
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

function singles(word: string): readonly string[] {
  return word === 'few' ? FEW : [word];
}

function enabled(ids: readonly string[]): Config['bots'] {
  return Object.fromEntries(ids.map((id) => [id, { enabled: true }]));
}

function accountsOf(words: readonly string[], externalId: string): NonNullable<Config['accounts']> {
  if (words.length === 0) return { mode: 'single' };
  const organization = words.find((word) => word.startsWith('o-'));
  const accounts = words.filter((word) => word !== organization);
  return {
    mode: 'multi',
    externalId,
    ...(organization !== undefined && { organization }),
    ...(accounts.length > 0 && { accounts }),
  };
}
