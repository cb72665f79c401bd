import type { Config } from './config';
import { type Case, stageOf } from './rollout';

const bot = { id: 'sg_close_ports', risk: 'safe', severity: 'high' } as const;
const target = { account: '111122223333', region: 'eu-west-1' };

function stage(rollout: Config['rollout'], about: Partial<Case> = {}, mode?: 'plan' | 'approve' | 'auto') {
  const settings = { enabled: true, ...(mode && { mode }) };
  const config = { bots: { sg_close_ports: settings }, ...(rollout && { rollout }) };
  const { mode: is, by } = stageOf(config, { bot, target, ...about });
  return [is, by];
}

test('without a rollout the bot decides, and by its risk where it says nothing', () => {
  expect(stage(undefined)).toEqual(['auto', 'the risk of sg_close_ports, safe']);
  expect(stage(undefined, {}, 'approve')).toEqual(['approve', 'bots.sg_close_ports.mode']);
  expect(stage(undefined, { bot: { ...bot, risk: 'destructive' } })[0]).toBe('plan');
});

test('the first rule that matches decides: auto in the sandbox, plan elsewhere', () => {
  const rollout = [{ accounts: ['444455556666'], mode: 'auto' }, { mode: 'plan' }] as const;
  expect(stage(rollout)).toEqual(['plan', 'rollout[1]']);
  expect(stage(rollout, { target: { ...target, account: '444455556666' } })[0]).toBe('auto');
});

test('a rule narrows and never widens', () => {
  expect(stage([{ mode: 'auto' }], {}, 'plan')).toEqual(['plan', 'bots.sg_close_ports.mode']);
  expect(stage([{ mode: 'auto' }], { bot: { ...bot, risk: 'destructive' } })[0]).toBe('plan');
});

test.each<[string, Partial<Case>, string]>([
  ['its tag', { tags: { env: 'prod' } }, 'plan'],
  ['another value of the tag', { tags: { env: 'dev' } }, 'auto'],
  ['no tags', { tags: {} }, 'auto'],
  ['tags that are not known', {}, 'plan'],
])('a rule that holds back by tag, for a resource with %s', (_, about, mode) => {
  expect(stage([{ tag: { key: 'env', value: 'prod' }, mode: 'plan' }, { mode: 'auto' }], about)[0]).toBe(
    mode,
  );
});

test('a rule that lets go by a tag that is not known does not match', () => {
  const rollout = [{ tag: { key: 'env', value: 'sandbox' }, mode: 'auto' }, { mode: 'approve' }] as const;
  expect(stage(rollout)).toEqual(['approve', 'rollout[1]']);
  expect(stage(rollout, { tags: { env: 'sandbox' } })[0]).toBe('auto');
});

test('units at any depth, regions and severities', () => {
  const unit = [{ organizationalUnits: ['ou-ab12-cdefghij'], mode: 'off' }] as const;
  expect(stage(unit, { units: ['ou-ab12-aaaaaaaa', 'ou-ab12-cdefghij', 'r-ab12'] })[0]).toBe('off');
  expect(stage(unit, { units: ['r-ab12'] })[0]).toBe('auto');
  expect(stage(unit)[0]).toBe('off');
  expect(stage([{ regions: ['eu-west-1'], severities: ['low', 'medium'], mode: 'plan' }])[0]).toBe('auto');
  expect(
    stage([{ regions: ['eu-west-1'], severities: ['low', 'medium'], mode: 'plan' }], { severity: 'low' })[0],
  ).toBe('plan');
});
