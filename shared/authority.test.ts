import { beyondAuthority } from './authority';

const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const READ = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const bot = { id: 'attach', from: { policyArn: 'config', days: 'finding', ignore: 'config' } } as const;

test('what anybody may set passes, whatever it is', () => {
  expect(beyondAuthority(bot, { days: 3 }, {})).toBeUndefined();
  expect(beyondAuthority(bot, {}, {})).toBeUndefined();
});

test('what is config.ts’ to set is refused from a finding, and the sentence says where to allow it', () => {
  expect(beyondAuthority(bot, { policyArn: ADMIN }, {})).toBe(
    `policyArn of attach is config.ts' to set, and a finding asks for "${ADMIN}": list it under bots.attach.allowed.policyArn if findings may choose it`,
  );
  expect(beyondAuthority(bot, { policyArn: ADMIN }, { params: { policyArn: READ } })).toBeDefined();
  expect(beyondAuthority(bot, { policyArn: ADMIN }, { allowed: { policyArn: [READ] } })).toBeDefined();
});

test('a finding may repeat what config.ts says, or the default, or choose what config.ts allows', () => {
  expect(beyondAuthority(bot, { policyArn: READ }, { params: { policyArn: READ } })).toBeUndefined();
  expect(
    beyondAuthority(bot, { policyArn: READ }, { allowed: { policyArn: [ADMIN, READ] } }),
  ).toBeUndefined();
  expect(beyondAuthority(bot, { policyArn: READ }, {}, { policyArn: READ })).toBeUndefined();
  // The default is no longer one where config.ts says another.
  expect(
    beyondAuthority(bot, { policyArn: READ }, { params: { policyArn: ADMIN } }, { policyArn: READ }),
  ).toBeDefined();
});

test('of a list, each item is judged', () => {
  const granted = { params: { ignore: ['Website'] }, allowed: { ignore: ['Cdn'] } };
  expect(beyondAuthority(bot, { ignore: ['Website', 'Cdn'] }, granted)).toBeUndefined();
  expect(beyondAuthority(bot, { ignore: [] }, granted)).toBeUndefined();
  expect(beyondAuthority(bot, { ignore: ['Website', 'Evil'] }, granted)).toMatch(/asks for "Evil"/);
});

test('a parameter that the bot does not know is nobody’s to set', () => {
  expect(beyondAuthority(bot, { constructor: 1 }, {})).toBeDefined();
  expect(beyondAuthority(bot, JSON.parse('{"__proto__": 1}') as Record<string, unknown>, {})).toBeDefined();
});
