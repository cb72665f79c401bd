import type { ConfigurationRecorder } from '@aws-sdk/client-config-service';
import { enabling, entry } from '../../testing/entry';
import { recorderCheck } from './aws-config';
import type { Patient, Site } from './check';

/** A site whose recorder is as given, and on. */
function siteIn(region: string, recorder: Partial<ConfigurationRecorder> = {}): Site {
  const recordingGroup = { allSupported: true, includeGlobalResourceTypes: true };
  const replies: Record<string, object> = {
    DescribeConfigurationRecordersCommand: {
      ConfigurationRecorders: [{ name: 'default', recordingGroup, ...recorder }],
    },
    DescribeConfigurationRecorderStatusCommand: {
      ConfigurationRecordersStatus: [{ name: 'default', recording: true, lastStatus: 'SUCCESS' }],
    },
  };
  const send = (command: object) => Promise.resolve(replies[command.constructor.name]);
  return { account: '111122223333', region, client: () => ({ send }) as never };
}

const policies = entry('iam_user_delete_inline_policies', { resource: 'AWS::IAM::User' });
const old = entry('iam_user_deactivate_unused_access_key', { resource: 'AWS::IAM::User', recheck: 'daily' });
const key = entry('kms_enable_rotation');

async function look(site: Site, ...catalogue: (typeof key)[]) {
  const config = enabling(...catalogue.map(({ id }) => id));
  const patient: Patient = { stage: 'prod', config, catalogue, home: site };
  return recorderCheck(patient, site).look();
}

test('a recorder that records at every change is green', async () => {
  expect(await look(siteIn('eu-west-1'), policies, old, key)).toMatchObject({ state: 'green' });
});

test('one that records once a day is red: rules hear late', async () => {
  const site = siteIn('eu-west-1', { recordingMode: { recordingFrequency: 'DAILY' } });
  expect(await look(site, key)).toMatchObject({
    state: 'red',
    says: expect.stringMatching(/records once a day/),
  });
});

test('where AWS Config records nothing of IAM, bots that only changes ask are named', async () => {
  const site = siteIn('eu-central-2');
  expect(await look(site, policies, old, key)).toMatchObject({
    state: 'red',
    says: 'AWS Config records nothing of IAM in eu-central-2, so that changes ask no rule of iam_user_delete_inline_policies',
  });
  // The clock asks this one, and what is not recorded is not missed.
  expect(await look(site, old, key)).toMatchObject({ state: 'green' });
});
