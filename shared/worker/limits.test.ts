import { limitsOf, periodOf } from './limits';

const bot = { id: 'ec2_stop_instance', risk: 'safe', kind: 'posture' } as const;

test.each([
  ['a safe bot', bot, {}, 20],
  ['a disruptive one that repairs', { ...bot, risk: 'disruptive' }, {}, 20],
  ['a disruptive one that only acts on findings', { ...bot, risk: 'disruptive', kind: 'response' }, {}, 10],
  ['a destructive one', { ...bot, risk: 'destructive' }, {}, 1],
  ['what config.ts says of its kind', { ...bot, risk: 'destructive' }, { limits: { perDestructive: 3 } }, 3],
  [
    'what config.ts says of the bot itself',
    { ...bot, risk: 'destructive' },
    { bots: { ec2_stop_instance: { enabled: true, limit: 500 } } },
    500,
  ],
] as const)('%s', (_name, of, config, perBot) => {
  expect(limitsOf({ bots: {}, ...config }, of)).toEqual({ perBot, perAccount: 100 });
});

test('no limits', () => {
  expect(limitsOf({ bots: {}, limits: false }, bot)).toBeUndefined();
});

test('an hour of the clock', () => {
  const at = Date.parse('2026-11-29T10:59:59.999Z');
  expect(periodOf(at)).toEqual({ name: '2026-11-29T10', end: Date.parse('2026-11-29T11:00:00Z') });
});
