import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import type { Config } from '../shared/config';
import { loadBot } from '../shared/worker/load';
import { stackOf } from './stack';

const config: Config = { enable_auto_response: false, bots: { kms_enable_rotation: { enabled: true } } };

async function actionsOf(role: string, changes: Partial<Config>): Promise<string[]> {
  const { resources } = await stackOf({ ...config, ...changes }, catalogue, (id) => loadBot(bots, id));
  const { Policies } = resources.Resources[role]?.Properties as {
    Policies: { PolicyDocument: { Statement: { Action: string[] }[] } }[];
  };
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap(({ Action }) => Action);
}

test('bots may read tags and who set them only where a tag may exempt', async () => {
  const asked = ['tag:GetResources', 'cloudtrail:LookupEvents'];
  const exemptionTags = [{ key: 'selfheal:exempt', setBy: ['arn:aws:iam::111122223333:role/SecurityTeam'] }];
  expect(await actionsOf('KmsEnableRotationRole', { exemptionTags })).toEqual(expect.arrayContaining(asked));
  const without = await actionsOf('KmsEnableRotationRole', {});
  expect(without.filter((action) => asked.includes(action))).toEqual([]);
});

test('the coordinator marks in the journal what it has told of exemptions that end, and nothing without one', async () => {
  const ends = {
    owner: 'web team',
    reason: 'x',
    until: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  };
  expect(await actionsOf('CoordinatorRole', { exemptions: [ends] })).toContain('dynamodb:UpdateItem');
  expect(await actionsOf('CoordinatorRole', {})).not.toContain('dynamodb:UpdateItem');
});
