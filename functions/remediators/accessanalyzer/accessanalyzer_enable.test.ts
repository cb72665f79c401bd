import {
  AccessAnalyzerClient,
  type AnalyzerSummary,
  ListAnalyzersCommand,
} from '@aws-sdk/client-accessanalyzer';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './accessanalyzer_enable';

const region =
  (...analyzers: Partial<AnalyzerSummary>[]) =>
  (account: Account) => {
    scriptAnalyzers(account, ...analyzers);
    return Promise.resolve(account.region);
  };

const unused = { name: 'unused', type: 'ACCOUNT_UNUSED_ACCESS', status: 'ACTIVE' } as const;
const violation = 'no analyzer looks for access from outside in the region';

testBot(bot, {
  violating: [
    {
      name: 'only one of unused access, which stays',
      given: region(unused),
      violation,
      writes: ['access-analyzer:CreateAnalyzer'],
      untouched: async ({ client }) =>
        (await client(AccessAnalyzerClient).send(new ListAnalyzersCommand({}))).analyzers?.filter(
          ({ name }) => name === 'unused',
        ),
    },
    {
      name: 'the name is taken by one that failed',
      given: region({ name: 'selfheal', type: 'ACCOUNT', status: 'FAILED' }),
      violation,
      writes: [],
      held: /analyzer selfheal is there already, of type ACCOUNT and FAILED/,
    },
    {
      name: 'the organization’s is wanted, and the account’s is there',
      given: region({ name: 'theirs', type: 'ACCOUNT', status: 'ACTIVE' }),
      params: { type: 'ORGANIZATION' },
      violation,
      writes: ['access-analyzer:CreateAnalyzer'],
    },
  ],
  compliant: [
    { name: 'the account’s', given: region({ name: 'theirs', type: 'ACCOUNT', status: 'ACTIVE' }) },
    { name: 'the organization’s', given: region({ name: 'org', type: 'ORGANIZATION', status: 'ACTIVE' }) },
  ],
});

test('what is being made is waited for', () => {
  const target = { account: '111122223333', region: 'eu-west-1', type: bot.resource, id: 'eu-west-1' };
  const analyzers = [{ name: 'theirs', type: 'ACCOUNT', status: 'CREATING' }];
  expect(bot.plan({ analyzers }, { target, params: { name: 'selfheal', type: 'ACCOUNT' } })).toEqual({
    waiting: 'an analyzer is being made',
  });
});

/** The analyzers of a region: those of local AWS, which stand in for moto's lack of them, are all active. */
function scriptAnalyzers({ script }: Account, ...analyzers: Partial<AnalyzerSummary>[]): void {
  let now = analyzers;
  script({
    ListAnalyzers: () => ({ analyzers: now }),
    CreateAnalyzer: ({ analyzerName, type }) => {
      now = [...now, { name: String(analyzerName), type: type as 'ACCOUNT', status: 'ACTIVE' }];
      return {};
    },
    DeleteAnalyzer: ({ analyzerName }) => {
      now = now.filter(({ name }) => name !== analyzerName);
      return {};
    },
  });
}
