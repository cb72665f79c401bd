import { EC2Client, GetInstanceMetadataDefaultsCommand } from '@aws-sdk/client-ec2';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './ec2_imdsv2_default';

// GetInstanceMetadataDefaults and ModifyInstanceMetadataDefaults: moto has neither. Of what is modified EC2 keeps
// the rest, and 'no-preference' takes a default away.
const defaults =
  (AccountLevel: Record<string, unknown>) =>
  ({ account, script }: Account) => {
    let now = AccountLevel;
    script({
      GetInstanceMetadataDefaults: () => ({ AccountLevel: now }),
      ModifyInstanceMetadataDefaults: (input) => {
        const { HttpTokens: _gone, ...rest } = { ...now, ...input };
        now = input.HttpTokens === 'no-preference' ? rest : { ...now, ...input };
        return { Return: true };
      },
    });
    return Promise.resolve(account);
  };

testSetting(bot, {
  wrong: 'no-preference',
  right: 'required',
  given: (account, value) =>
    defaults({ HttpPutResponseHopLimit: 2, ...(value !== 'no-preference' && { HttpTokens: value }) })(
      account,
    ),
  violation: /^new instances need no token for metadata by default/,
  writes: ['ec2:ModifyInstanceMetadataDefaults'],
  untouched: async ({ client }) => {
    const { AccountLevel } = await client(EC2Client).send(new GetInstanceMetadataDefaultsCommand({}));
    return { ...AccountLevel, HttpTokens: undefined };
  },
  more: {
    violating: [
      {
        name: 'a default that allows IMDSv1, beside other defaults',
        given: defaults({ HttpTokens: 'optional', HttpPutResponseHopLimit: 2, ManagedBy: 'account' }),
        violation: 'new instances need no token for metadata by default (optional)',
      },
      {
        name: 'a declarative policy decides',
        given: defaults({ HttpTokens: 'optional', ManagedBy: 'declarative-policy' }),
        held: /declarative policy/,
      },
    ],
  },
});

test('nothing but the token is set, so the other defaults stay', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'eu-west-1' };
  const state = { is: 'optional', managedBy: 'account' } as const;
  const now = { ...state, is: 'required' } as const;
  expect(bot.plan(state, { target, params: {} })).toMatchObject([
    { ec2: { input: { HttpTokens: 'required' } } },
  ]);
  const [step] = bot.undo(state, { target, params: {}, now }) as readonly { ec2: { input: object } }[];
  expect(step?.ec2.input).toEqual({ HttpTokens: 'optional' });
});
