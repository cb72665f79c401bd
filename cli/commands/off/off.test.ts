import { DescribeRuleCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { namesOf } from '../../place';
import { REGION, newBucket, newInstallation, remediationFor } from '../../testing';

const events = new EventBridgeClient({ region: REGION });
const stateOf = async (stage: string) =>
  (await events.send(new DescribeRuleCommand({ Name: namesOf(stage).schedule }))).State;

async function installationThatIs(State: 'ENABLED' | 'DISABLED') {
  const installation = await newInstallation();
  const Name = namesOf(installation.stage).schedule;
  await events.send(new PutRuleCommand({ Name, ScheduleExpression: 'rate(1 minute)', State }));
  return installation;
}

test('off stops what runs and what would start, without a question; on lets go on, after one', async () => {
  const { run, stage, journal, send } = await installationThatIs('ENABLED');
  const stopped = await run(['off', '--reason', 'it is three in the morning']);
  expect(stopped).toMatchObject({ exit: 0, out: expect.stringContaining('Auto response is off.') });
  expect(await stateOf(stage)).toBe('DISABLED');
  expect(await journal.stops()).toEqual({
    all: expect.stringMatching(/^by arn:.*, it is three in the morning$/),
  });

  await journal.stop('bot/test_tag_bucket', 'by a colleague');
  await send(remediationFor(await newBucket()));
  const asked = await run(['on'], { answer: false });
  expect(asked.exit).toBe(3);
  expect(asked.err).toMatch(/everything is stopped by arn:.*three in the morning/);
  expect(asked.err).toContain('Switch auto response on? 1 message will be worked on at once.');
  expect(await stateOf(stage)).toBe('DISABLED');

  const started = await run(['on', '--yes']);
  expect(started).toMatchObject({ exit: 0, out: expect.stringContaining('Auto response is on.') });
  expect(started.out).toContain('bot test_tag_bucket is stopped by a colleague');
  expect(await stateOf(stage)).toBe('ENABLED');
  expect(Object.keys(await journal.stops())).toEqual(['bot/test_tag_bucket']);
});

test('where nothing is installed, one sentence', async () => {
  const { run } = await newInstallation();
  expect(await run(['on', '--yes'])).toMatchObject({
    exit: 4,
    err: expect.stringContaining('there is no installation'),
  });
});
