import { newFunction } from './fixtures/function';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './lambda_detach_external_layer';

const layer = (account: string, name: string) => `arn:aws:lambda:eu-west-1:${account}:layer:${name}:1`;
const AWS = layer('580247275435', 'LambdaInsightsExtension');
const EVIL = layer('666666666666', 'evil');

interface Past {
  /** What changes set, the latest first. */
  readonly events?: readonly { readonly layers: readonly string[]; readonly by?: string }[];
  /** What AWS Config recorded before. */
  readonly recorded?: readonly string[];
  readonly LastUpdateStatus?: string;
}

/**
 * A function with a layer of its own and these. Moto knows no layers of other accounts, has no LookupEvents, and its
 * GetResourceConfigHistory knows no functions.
 */
const withLayers =
  (others: readonly string[], { events = [], recorded, LastUpdateStatus = 'Successful' }: Past = {}) =>
  async (account: Account) => {
    const id = await newFunction(account, 'orders');
    const own = layer(account.account, 'own');
    let layers: unknown = [others[0], own, ...others.slice(1)].filter((one) => one !== undefined);
    let revision = 1;
    account.script({
      GetFunctionConfiguration: ({ FunctionName }) => {
        if (FunctionName !== id)
          throw Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
        const Layers = (layers as string[]).map((Arn) => ({ Arn }));
        return { Layers, State: 'Active', LastUpdateStatus, RevisionId: String(revision) };
      },
      UpdateFunctionConfiguration: ({ FunctionName, Layers, RevisionId, ...rest }) => {
        const isWrong =
          FunctionName !== id || RevisionId !== String(revision) || Object.keys(rest).length > 0;
        if (isWrong) throw new Error('not asked for');
        layers = Layers;
        revision += 1;
        return {};
      },
      LookupEvents: () => ({
        Events: events.map((event, at) => ({
          ...{ EventId: `e${at}`, EventName: 'UpdateFunctionConfiguration20150331v2' },
          EventTime: new Date(Date.now() - (at + 1) * 60_000),
          CloudTrailEvent: JSON.stringify({
            requestParameters: { functionName: `${account.account}:${id}`, layers: [...event.layers, own] },
            userIdentity: { sessionContext: { sessionIssuer: { userName: event.by ?? 'eve' } } },
          }),
        })),
      }),
      GetResourceConfigHistory: ({ resourceId }) => {
        if (resourceId !== id || !recorded)
          throw Object.assign(new Error('none'), { name: 'ResourceNotDiscoveredException' });
        const configuration = JSON.stringify({ functionName: id, layers: recorded.map((arn) => ({ arn })) });
        return { configurationItems: [{ configurationItemCaptureTime: new Date(0), configuration }] };
      },
    });
    return id;
  };
const violation = /^the function runs layers of other accounts: arn:.*:layer:evil:1, set by eve at /;
const writes = ['lambda:UpdateFunctionConfiguration'];
const added = [{ layers: [AWS, EVIL] }];

testBot(bot, {
  violating: [
    {
      name: 'AWS Config knows that one was there before',
      given: withLayers([AWS, EVIL], { events: added, recorded: [AWS] }),
      violation,
      writes,
      after: { layers: [AWS, expect.stringMatching(/layer:own:1$/)] },
    },
    {
      name: 'CloudTrail knows what was there before, beside a change by selfheal',
      given: withLayers([AWS, EVIL], {
        events: [{ layers: [], by: 'selfheal-prod-x' }, ...added, { layers: [AWS] }],
      }),
      violation,
      writes,
    },
    {
      name: 'all that are not of accounts that may be there',
      given: withLayers([AWS, EVIL]),
      params: { all: true, accounts: ['580247275435'] },
      violation: /other accounts: arn:.*:layer:evil:1$/,
      writes,
    },
    {
      name: 'nobody knows what was there before',
      given: withLayers([AWS, EVIL], { events: added }),
      violation: /LambdaInsightsExtension:1, arn:.*:layer:evil:1, set by eve/,
      writes: [],
      held: /say all=true/,
    },
  ],
  compliant: [
    { name: 'only layers of its own account', given: withLayers([]) },
    {
      name: 'of an account that may be there',
      given: withLayers([AWS]),
      params: { accounts: ['580247275435'] },
    },
    {
      name: 'those of other accounts were there before',
      given: withLayers([AWS], { events: [{ layers: [AWS] }], recorded: [AWS] }),
    },
  ],
  gone: 'nothing',
  scripted: ['cloudtrail:LookupEvents', 'config:GetResourceConfigHistory'],
});

describe('lambda_detach_external_layer', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: bot.params.parse({}) };
  const state = { layers: [EVIL], foreign: [EVIL], isBusy: false };

  test('while there is no event, or Lambda is busy, it waits', () => {
    expect(bot.plan({ ...state, isUnknown: 'by whom' }, context)).toHaveProperty('waiting');
    expect(bot.plan({ ...state, isBusy: true }, context)).toHaveProperty('waiting');
  });

  test('what somebody has changed since is not undone', () => {
    const now = { ...state, layers: [AWS] };
    expect(bot.undo(state, { ...context, now })).toHaveProperty('irreversible');
  });
});
