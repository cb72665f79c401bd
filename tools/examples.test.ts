/** Each of examples/ can be deployed as it stands, and leads nowhere that is not there. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadCompiled } from '../cli/compiled.cjs';
import { checkConfig } from '../deploy/check-config';
import { stackOf } from '../deploy/stack';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { type Config, settingsOf } from '../shared/config';
import { loadBot } from '../shared/worker/load';
import { pageOf } from './pages';

const FOLDER = join(__dirname, '../examples');
const load = (id: string) => loadBot(bots, id);

test.each(readdirSync(FOLDER))('%s', async (name) => {
  const { default: config } = loadCompiled(join(FOLDER, name, 'config.ts'), false) as { default: Config };
  await checkConfig(config, catalogue, load);
  const { functions } = await stackOf(config, catalogue, load);
  const enabled = catalogue.filter(({ id }) => settingsOf(config, id) !== undefined);
  expect(enabled.length).toBeGreaterThan(3);
  expect(Object.keys(functions).length).toBeGreaterThanOrEqual(enabled.length);
  const { links } = pageOf(
    `examples/${name}/README.md`,
    readFileSync(join(FOLDER, name, 'README.md'), 'utf8'),
  );
  expect(links.filter((link) => !existsSync(join(FOLDER, name, link)))).toEqual([]);
});
