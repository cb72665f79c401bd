/** What CloudBots and its bots call things, and GuardDuty calls no more. */
import cloudbots from '../../../tools/standards/cloudbots.json';
import { type CatalogueEntry, findBot } from '../../../shared/catalogue';
import { nearest } from '../../../shared/nearest';

const NAMES: readonly string[] = cloudbots.controls;

/** The bot that stands for one of CloudBots, or a sentence on why none does. */
export function botOfCloudBots(
  catalogue: readonly CatalogueEntry[],
  name: string,
): { readonly entry: CatalogueEntry } | { readonly wrong: string } {
  const entry = findBot(catalogue, name);
  if (entry && (NAMES.includes(name) || entry.id !== name)) return { entry };
  if (entry) {
    return {
      wrong: `CloudBots has no bot ${name}, so it did nothing there; selfheal has one: enable it yourself if you want it.`,
    };
  }
  const meant = nearest(name, NAMES);
  return {
    wrong: `There is no bot ${JSON.stringify(name.slice(0, 64))}${meant === undefined ? '' : ` (did you mean ${meant}?)`}: npx selfheal bots lists them.`,
  };
}

const QUARANTINE = {
  says: "AWS's own policy AWSDenyAll is attached, in place of quarantine_deny_all_policy.",
};
const LIVE = { says: 'The rules are those that are there now, not those in the finding.' };

/** Where a bot does something else than the one of CloudBots, by its id. Source: CloudBots 985e6ce, read and run. */
export const OTHERWISE: Readonly<
  Record<
    string,
    { readonly says: string; /** A parameter with which it is the same. */ readonly unless?: string }
  >
> = {
  ec2_attach_sg: { says: 'Of an instance with several network interfaces, all change.' },
  iam_entity_create_and_attach_permission_boundary: {
    says: 'The policy is the one that config.ts names: none is taken from a finding.',
  },
  iam_quarantine_role: QUARANTINE,
  iam_quarantine_user: QUARANTINE,
  sg_rules_delete_by_scope: LIVE,
  sg_single_rule_delete: LIVE,
  vpc_isolate: { says: 'No user is denied access to the VPC.' },
  vpc_turn_on_flow_logs: {
    says: 'Without words CloudBots failed; here rejected traffic is recorded.',
    unless: 'trafficType',
  },
};

/** Finding types that GuardDuty no longer makes. Source: GuardDuty user guide, retired finding types. */
export const RETIRED: ReadonlySet<string> = new Set([
  'Backdoor:EC2/XORDDOS',
  'Behavior:IAMUser/InstanceLaunchUnusual',
  'CryptoCurrency:EC2/BitcoinTool.A',
  'Persistence:IAMUser/NetworkPermissions',
  'Persistence:IAMUser/ResourcePermissions',
  'Persistence:IAMUser/UserPermissions',
  'PrivilegeEscalation:IAMUser/AdministrativePermissions',
  'Recon:IAMUser/NetworkPermissions',
  'Recon:IAMUser/ResourcePermissions',
  'Recon:IAMUser/UserPermissions',
  'ResourceConsumption:IAMUser/ComputeResources',
  'Stealth:IAMUser/LoggingConfigurationModified',
  'UnauthorizedAccess:EC2/TorIPCaller',
  'UnauthorizedAccess:IAMUser/ConsoleLogin',
  'UnauthorizedAccess:IAMUser/UnusualASNCaller',
]);

/** Finding types that go by other names now. Source: GuardDuty user guide, IAM finding types. */
export const RENAMED: ReadonlyMap<string, string> = new Map([
  [
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration',
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS and .InsideAWS',
  ],
]);
