import {
  DisableDomainAutoRenewCommand,
  EnableDomainAutoRenewCommand,
  GetDomainDetailCommand,
} from '@aws-sdk/client-route-53-domains';
import { DOMAIN } from './lib/domains';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...DOMAIN,
  id: 'route53domain_enable_auto_renew',
  title: 'Renew a registered domain by itself',
  attribute: 'automatic renewal',
  severity: 'medium',
  risk: 'safe',
  permissions: {
    read: ['route53domains:GetDomainDetail'],
    write: ['route53domains:EnableDomainAutoRenew'],
    undo: ['route53domains:DisableDomainAutoRenew'],
  },

  async inspect({ route53domains }, { target: { id: DomainName } }) {
    const { AutoRenew = false } = await route53domains.send(new GetDomainDetailCommand({ DomainName }));
    return { is: AutoRenew };
  },
  want: true,
  says: 'the domain is not renewed by itself: turn on auto-renew',
  write: (on, { target: { id: DomainName } }) => ({
    route53domains: on
      ? new EnableDomainAutoRenewCommand({ DomainName })
      : new DisableDomainAutoRenewCommand({ DomainName }),
  }),
});
