import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busName, memberEvents } from '../deploy/members';
import { STAGE, botSuffix } from '../deploy/template';
import { namesOf } from './place';

test('every name is the one that deploy/ and serverless.yml give', () => {
  const { looksQueue, stack, eventBus, prefix, botPrefix, ...deployed } = namesOf(STAGE);
  const template = readFileSync(join(__dirname, '../deploy/resources.yml'), 'utf8');
  for (const name of Object.values(deployed)) {
    expect(template).toMatch(new RegExp(`: ${name.replace(/[${}.]/g, '\\$&')}$`, 'm'));
  }
  const accounts = { mode: 'multi', externalId: 'selfheal-1' } as const;
  const members = memberEvents({ enable_auto_response: false, bots: {}, accounts }, []);
  expect(members.LooksQueue?.Properties).toMatchObject({ QueueName: looksQueue });
  expect(eventBus).toBe(busName(STAGE));
  const serverless = readFileSync(join(__dirname, '../serverless.yml'), 'utf8');
  expect(serverless).toContain(`name: ${prefix}coordinator`);
  expect(botPrefix).toBe(`${prefix}${botSuffix('')}`);
  expect(serverless).toContain(`SELFHEAL_FUNCTION_PREFIX: ${botPrefix}\n`);
  expect(serverless).toMatch(/^service: selfheal$/m);
  // Serverless calls a stack by the service and the stage.
  expect(stack).toBe(`selfheal-${STAGE}`);
});
