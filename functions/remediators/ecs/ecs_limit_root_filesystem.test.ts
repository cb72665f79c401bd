import { ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { testBot } from '../../../testing/contract';
import { container, revision, revisions } from './fixtures/definitions';
import { bot } from './ecs_limit_root_filesystem';

const closed = { readonlyRootFilesystem: true };
const cart = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/cart:9';

testBot(bot, {
  violating: [
    {
      name: 'one of two containers may write',
      given: (account) => revision(account, [container('web'), container('proxy', closed)]),
      violation: 'web may write to the root file system',
      writes: ['ecs:RegisterTaskDefinition'],
      after: {
        later: {
          containers: [
            { name: 'web', ...closed },
            { name: 'proxy', ...closed },
          ],
        },
      },
      untouched: revisions,
    },
  ],
  compliant: [
    { name: 'only reads', given: (account) => revision(account, [container('web', closed)]) },
    {
      name: 'Windows',
      given: (account) =>
        revision(account, [container('web')], {
          runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
        }),
    },
    {
      name: 'there is a later revision',
      given: async (account) => {
        const arn = await revision(account, [container('web')]);
        const containerDefinitions = [container('web')];
        await account
          .client(ECSClient)
          .send(new RegisterTaskDefinitionCommand({ family: 'cart', containerDefinitions }));
        return arn;
      },
    },
  ],
  gone: cart,
});

test('undo leaves a revision that somebody else has registered since', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: cart };
  const before = { definition: { containerDefinitions: [container('web')] }, tags: [] };
  const later = { arn: 'arn:…:11', containers: [container('web', { ...closed, image: 'web:2' })] };
  expect(bot.undo(before, { target, params: {}, now: { ...before, later } })).toEqual([]);
});
