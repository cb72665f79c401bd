import type * as z from 'zod';
import { checkConfig } from '../../deploy/check-config';
import { bots } from '../../functions/remediators';
import { catalogue } from '../../functions/remediators/catalogue';
import { newInstallation } from '../../cli/testing';
import { newAccount } from '../../testing/account';
import { newWire, wired } from '../../testing/wire';
import { inventory } from '../aws/inventory';
import type { AnyBot } from '../bot/bot';
import { find, remediate } from '../bot/run';
import type { CatalogueEntry } from '../catalogue';
import { type BotId, type Config, defineConfig } from '../config';
import { type Target, isSettings, settingsTarget } from '../resources/target';
import { loadBot } from '../worker/load';
import { ABOUT, COSTS, NEEDS } from './about';
import { type PresetName, presets } from './presets';

const names = Object.keys(presets) as PresetName[];
const load = (id: string) => loadBot(bots, id);
const known = new Set(catalogue.map(({ id }) => id));

describe.each(names)('%s', (name) => {
  const settings: Config['bots'] = presets[name];

  test('names bots that exist, with parameters that they take', async () => {
    expect(Object.keys(settings).filter((id) => !known.has(id))).toEqual([]);
    await checkConfig({ enable_auto_response: false, bots: settings }, catalogue, load);
  });

  test('repairs nothing by itself that cannot be undone', () => {
    const automatic = Object.entries(settings).filter(([, one]) => one.mode !== 'plan');
    const destructive = catalogue.filter(({ risk }) => risk === 'destructive').map(({ id }) => id);
    expect(automatic.filter(([id]) => destructive.includes(id))).toEqual([]);
  });

  test('lacks only what no bot is called or answers', () => {
    expect(ABOUT[name].lacks.filter((id) => known.has(id))).toEqual([]);
  });
});

test('what is said of a bot is said of one that exists, and of parameters that are config.ts’ own', () => {
  const named = [...Object.keys(COSTS), ...Object.keys(NEEDS)];
  expect(named.filter((id) => !known.has(id))).toEqual([]);
  for (const [id, needs] of Object.entries(NEEDS)) {
    const from: CatalogueEntry['from'] = catalogue.find((entry) => entry.id === id)?.from ?? {};
    for (const name of needs.flat()) expect([id, name, from[name]]).toEqual([id, name, 'config']);
  }
});

/** Config.ts of somebody who takes the baseline and says what it needs. */
const config = defineConfig({
  enable_auto_response: true,
  bots: {
    ...presets.baseline,
    account_set_security_contact: {
      enabled: true,
      params: { name: 'SOC', title: 'Team', email: 'soc@example.com', phone: '+49 30 1' },
    },
    cloudwatch_create_metric_filter: { enabled: true, params: { email: 'soc@example.com' } },
  },
});

test('the baseline makes an empty account green', async () => {
  const account = await newAccount();
  const targetsOf = async ({ resource, clients }: AnyBot): Promise<Target[]> => {
    const place = { account: account.account, region: account.region };
    if (isSettings(resource)) return [settingsTarget(resource, place.account, place.region)];
    const targets: Target[] = [];
    const pages = inventory[resource]?.pages(wired(clients, account, newWire()) as never, place.region);
    for await (const page of pages ?? [])
      targets.push(...page.map((id = '') => ({ ...place, type: resource, id })));
    return targets;
  };
  const look = async (mode: 'apply' | 'plan') => {
    const outcomes: string[] = [];
    for (const [id, { params }] of Object.entries(config.bots)) {
      const bot = await load(id);
      if (!bot) throw new Error(`${id} is not in the index`);
      const aws = wired(bot.clients, account, newWire());
      for (const said of await targetsOf(bot)) {
        const found = await find(bot, aws, said);
        if ('outcome' in found) throw new Error(`${id} does not find ${said.id}`);
        const { target } = found;
        const job = { aws, target, params: (bot.params as z.ZodObject).parse(params ?? {}), mode };
        const { outcome } = await remediate(bot, { ...job, settle: { tries: 2, delayMs: 10 } });
        outcomes.push(`${id}: ${outcome}`);
      }
    }
    return outcomes;
  };

  const rounds: string[][] = [];
  while (rounds.length < 3 && !rounds.at(-1)?.every((line) => line.endsWith(': compliant'))) {
    rounds.push(await look('apply'));
  }
  expect(rounds[0]?.filter((line) => line.endsWith(': fixed')).length).toBeGreaterThan(10);
  const green = (Object.keys(presets.baseline) as BotId[]).map((id) => `${id}: compliant`);
  expect(await look('plan')).toEqual(green);

  const { run } = await newInstallation();
  const accounts = { mode: 'multi', externalId: 'selfheal-x', accounts: [account.account] } as const;
  const argv = ['scan', '--account', account.account, '--resource-region', account.region];
  const scanned = await run([...argv, '--assume-role', 'test', '--json'], {
    config: { ...config, accounts },
  });
  expect(scanned).toMatchObject({ exit: 0 });
  expect(scanned.json()).toMatchObject({ found: [], failures: [] });
});
