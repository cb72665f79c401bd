/** There is room for 210 bots: today's, and as many more as are planned, of services and with actions that AWS has. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { catalogue as today } from '../functions/remediators/catalogue';
import type { AnyBot } from '../shared/bot/bot';
import { ALL, withPlanned } from '../bench/planned';
import type { Accounts } from '../shared/accounts';
import { cfnLint } from '../local/cfn-lint';
import allEnabled from '../test/config.all';
import { enabling } from '../testing/entry';
import { refusals } from './limits';
import { memberTemplate } from './member-template';
import { type Template, nest } from './nested';
import { stackOf } from './stack';
import { pascal } from './template';

const catalogue = withPlanned(today);
const enabled = enabling(...catalogue.map(({ id }) => id));
// What no finding may say, config.ts has to.
const config = { ...enabled, bots: { ...enabled.bots, ...allEnabled.bots } };
/** All that is asked of bots here are parameters, and there are none. */
const bot = { kind: 'posture', params: z.object({}), from: {} } as unknown as AnyBot;
const multi = { mode: 'multi', externalId: 'selfheal-1', organization: 'o-a1b2c3d4e5' } as const;

/** What serverless adds to each function, and what stands in resources.yml and serverless.yml. */
async function templates(accounts: Accounts): Promise<readonly [Template, Record<string, Template>]> {
  const { functions, resources } = await stackOf({ ...config, accounts }, catalogue, () =>
    Promise.resolve(bot),
  );
  const fixed = readFileSync(join(__dirname, 'resources.yml'), 'utf8').split('Outputs:')[0] ?? '';
  const others = [...fixed.matchAll(/^ {2}(\w+):$/gm)].map(([, name = '']) => name);
  const base = ['Coordinator', 'ConfigDashrules', 'Findings', 'Notifier', 'SecurityHub'];
  const ofFunction = (name: string) =>
    ['LambdaFunction', 'LogGroup', 'LambdaEvConf'].map((part) => `${name}${part}`);
  const Resources = {
    ...resources.Resources,
    ...Object.fromEntries(
      [
        ...others,
        ...base.flatMap(ofFunction),
        ...Object.keys(functions).flatMap((id) => ofFunction(pascal(id))),
      ].map((name) => [name, { Type: 'Some::Resource', Properties: {} }]),
    ),
  };
  const stacks: Record<string, string[]> = {};
  for (const { id, service } of catalogue) {
    (stacks[`${pascal(service.replaceAll('-', '_'))}Bots`] ??= []).push(
      `${pascal(id)}Role`,
      ...ofFunction(pascal(id)),
    );
  }
  const { root, nested } = nest({ Resources }, stacks, (name) => ({ 'Fn::Sub': name }));
  return [root, nested];
}

test('the names are as many as planned, and differ', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(ALL);
});

test.each<[string, Accounts]>([
  ['one account', { mode: 'single' }],
  ['one account, with scoped sessions', { mode: 'single', scopedSessions: true }],
  ['an organization, with scoped sessions at home', { ...multi, scopedSessions: true }],
])('%s: stacks, policies and names stay within what AWS takes', async (_, accounts) => {
  const [root, nested] = await templates(accounts);
  expect(refusals(root, nested)).toEqual([]);
  expect(Object.keys(root.Resources).length).toBeLessThanOrEqual(400);
  expect(Object.values(nested).flatMap(({ Resources }) => Object.keys(Resources))).toHaveLength(4 * ALL);
});

test('what a member holds stays within what AWS takes, and cfn-lint finds nothing', async () => {
  const home = { stage: 'production', account: '111122223333', region: 'eu-west-1' };
  // What would be refused is thrown.
  const template = await memberTemplate({ ...config, accounts: multi }, catalogue, home);
  const folder = mkdtempSync(join(tmpdir(), 'room-'));
  const path = join(folder, 'member.json');
  writeFileSync(path, JSON.stringify(template));
  await expect(cfnLint(path)).resolves.toEqual({ stdout: '', stderr: '' });
  rmSync(folder, { recursive: true });
}, 600_000);
