import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesOf } from './installation';

test('names are those that are deployed', () => {
  const template = readFileSync(join(__dirname, '../deploy/resources.yml'), 'utf8');
  for (const name of Object.values(namesOf('${sls:stage}'))) {
    expect(template).toMatch(new RegExp(`: ${name.replace(/[${}.]/g, '\\$&')}$`, 'm'));
  }
});
