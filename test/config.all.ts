import { catalogue } from '../functions/remediators/catalogue';
import type { CatalogueEntry } from '../shared/catalogue';
import { defineConfig } from '../shared/config';

/** What bots need a word of config.ts for, by parameter: no finding may say what they grant or attach. */
const GRANTED: Readonly<Record<string, string>> = {
  attach: 'arn:aws:iam::$ACCOUNT_ID:policy/DenyEverything',
  boundaries: 'arn:aws:iam::$ACCOUNT_ID:policy/Boundary',
  entities: 'arn:aws:iam::$ACCOUNT_ID:role/bounded',
  group: 'quarantine',
  key: 'owner',
  policyArn: 'arn:aws:iam::$ACCOUNT_ID:policy/DenyEverything',
  profile: 'managed-instance',
  to: '10.0.0.0/8',
  toGroup: 'staff',
  users: 'developers/*',
};

/** Those without which a bot is enabled and lacks a right. */
const RIGHTS = ['attach', 'boundaries', 'entities', 'profile', 'toGroup', 'users'];

function enabled({ kind, from, params }: CatalogueEntry) {
  const isNeeded = (name: string) =>
    from[name] === 'config' &&
    (RIGHTS.includes(name) || (kind === 'response' && !('default' in (params.properties?.[name] ?? {}))));
  const allowed = Object.entries(GRANTED).filter(([name]) => isNeeded(name));
  return {
    enabled: true,
    ...(allowed.length > 0 && {
      allowed: Object.fromEntries(allowed.map(([name, value]) => [name, [value]])),
    }),
  };
}

/** Every bot there is, and every part of the template that config.ts can ask for. */
export default defineConfig({
  enable_auto_response: false,
  bots: Object.fromEntries(catalogue.map((entry) => [entry.id, enabled(entry)])),
  findings: {
    publishers: ['arn:aws:iam::444455556666:root'],
    topics: ['arn:aws:sns:eu-west-1:444455556666:scanner'],
    events: ['securityhub'],
    updateSecurityHub: true,
  },
  accounts: {
    mode: 'multi',
    externalId: 'selfheal-all',
    accounts: ['444455556666'],
    organization: 'o-a1b2c3d4e5',
    deny: ['777788889999'],
  },
});
