import {
  ConfigServiceClient,
  type ConfigurationRecorder,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  paginateDescribeConfigRules,
} from '@aws-sdk/client-config-service';
import { hasRule } from '../../deploy/rules';
import { recordedTypes } from '../../shared/aws/recorded';
import type { CatalogueEntry } from '../../shared/catalogue';
import { settingsOf } from '../../shared/config';
import { namesOf } from '../place';
import {
  type Check,
  type Patient,
  type Site,
  type Verdict,
  deployCommand,
  green,
  quoted,
  red,
} from './check';
import { some } from '../../shared/text';

/** AWS Config records what the enabled bots look at, and has their rules. Only where the installation is. */
export function configChecks(patient: Patient): readonly Check[] {
  return [
    recorderCheck(patient, patient.home),
    { id: 'config-rules', needs: ['config:DescribeConfigRules'], look: () => rules(patient) },
  ];
}

/** AWS Config records what the enabled bots look at, at home or in a member account. */
export function recorderCheck(patient: Patient, site: Site): Check {
  const isHome = site.account === patient.home.account;
  return {
    ...(isHome ? { id: 'config-recorder' } : { id: 'member-config-recorder', account: site.account }),
    needs: ['config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus'],
    look: () => recorder(patient, site),
  };
}

/** Types that AWS Config records only where they are asked for. Source: AWS Config API, RecordingGroup. */
const GLOBAL = new Set(['AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::Policy']);

/** Regions that AWS Config has had since February 2022. Source: AWS Config, supported resource types, IAM. */
const WITHOUT_IAM = new Set([
  ...['ap-east-2', 'ap-south-2', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7'],
  ...['ca-west-1', 'eu-central-2', 'eu-south-2', 'il-central-1', 'me-central-1', 'mx-central-1'],
]);

async function recorder(patient: Patient, { region, client }: Site): Promise<Verdict> {
  const ruled = ruledBots(patient);
  if (ruled.length === 0) return green('no enabled bot needs AWS Config');
  const config = client(ConfigServiceClient);
  const [{ ConfigurationRecorders = [] }, { ConfigurationRecordersStatus = [] }] = await Promise.all([
    config.send(new DescribeConfigurationRecordersCommand({})),
    config.send(new DescribeConfigurationRecorderStatusCommand({})),
  ]);
  const [found] = ConfigurationRecorders;
  const console = `https://${region}.console.aws.amazon.com/config/home?region=${region}#/settings`;
  if (!found)
    return red(`AWS Config is not set up in ${region}: its rules never run`, `set it up: ${console}`);
  const name = found.name ?? 'default';
  const status = ConfigurationRecordersStatus.find((each) => each.name === name);
  if (!status?.recording) {
    return red(
      `the recorder ${name} is stopped: the rules see no change`,
      `aws configservice start-configuration-recorder --configuration-recorder-name ${quoted(name)} --region ${region}`,
    );
  }
  // The CLI's examples write it in capitals, the API's reference does not.
  if (/^failure$/i.test(status.lastStatus ?? '')) {
    const why = [status.lastErrorCode, status.lastErrorMessage].filter(Boolean).join(': ');
    return red(`the recorder ${name} fails: ${why}`, `correct its role or its bucket: ${console}`);
  }
  const late = found.recordingMode?.recordingFrequency === 'DAILY';
  if (late) {
    return red(
      `the recorder ${name} records once a day: the rules hear of a change up to a day late`,
      `let it record continuously: ${console}`,
    );
  }
  const nowhere = ruled.filter((bot) => recordedTypes(bot).some((type) => GLOBAL.has(type)) && !bot.recheck);
  if (WITHOUT_IAM.has(region) && nowhere.length > 0) {
    return red(
      `AWS Config records nothing of IAM in ${region}, so that changes ask no rule of ${some(nowhere.map(({ id }) => id))}`,
      'deploy selfheal in a region that AWS Config had before February 2022, or run npx selfheal scan --enqueue every day',
    );
  }
  const types = [...new Set(ruled.flatMap(recordedTypes))].filter(
    (type) => !(WITHOUT_IAM.has(region) && GLOBAL.has(type)),
  );
  const unrecorded = types.filter((type) => !records(found, type));
  return unrecorded.length > 0
    ? red(
        `the recorder ${name} does not record ${some(unrecorded)}`,
        `let it record them: aws configservice put-configuration-recorder, or ${console}`,
      )
    : green(`${name} is on and records what the bots look at`);
}

/** Whether a recorder records a type. Source: AWS Config API, RecordingGroup and RecordingStrategy. */
function records({ recordingGroup }: Pick<ConfigurationRecorder, 'recordingGroup'>, type: string): boolean {
  const {
    allSupported,
    includeGlobalResourceTypes,
    resourceTypes = [],
    exclusionByResourceTypes,
    recordingStrategy,
  } = recordingGroup ?? { allSupported: true };
  const included: readonly string[] = resourceTypes;
  switch (recordingStrategy?.useOnly) {
    case 'EXCLUSION_BY_RESOURCE_TYPES': {
      const excluded: readonly string[] = exclusionByResourceTypes?.resourceTypes ?? [];
      return !excluded.includes(type);
    }
    case 'INCLUSION_BY_RESOURCE_TYPES':
      return included.includes(type);
    default:
      return allSupported
        ? (includeGlobalResourceTypes ?? false) || !GLOBAL.has(type)
        : included.includes(type);
  }
}

async function rules(patient: Patient): Promise<Verdict> {
  const { prefix } = namesOf(patient.stage);
  const client = patient.home.client(ConfigServiceClient);
  const found = new Map<string, string | undefined>();
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client }, {})) {
    for (const { ConfigRuleName = '', ConfigRuleState } of ConfigRules) {
      if (ConfigRuleName.startsWith(prefix)) found.set(ConfigRuleName.slice(prefix.length), ConfigRuleState);
    }
  }
  const ids = ruledBots(patient).map(({ id }) => id);
  const known = new Set(patient.catalogue.map(({ id }) => id));
  const lists = {
    'not there': ids.filter((id) => !found.has(id)),
    'being deleted': ids.filter((id) => (found.get(id) ?? '').startsWith('DELETING')),
    'there, but not enabled in config.ts': [...found.keys()].filter(
      (id) => known.has(id) && !ids.includes(id),
    ),
  };
  const wrong = Object.entries(lists)
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${some(names)}`);
  return wrong.length > 0
    ? red(wrong.join('; '), deployCommand(patient))
    : green(`${ids.length} of ${ids.length} are there`);
}

/** The enabled bots that have a rule. */
export function ruledBots({ catalogue, config }: Patient): readonly CatalogueEntry[] {
  return catalogue.filter((entry) => hasRule(entry) && settingsOf(config, entry.id));
}
