import {
  DisableDomainTransferLockCommand,
  EnableDomainTransferLockCommand,
  GetDomainDetailCommand,
  ListOperationsCommand,
} from '@aws-sdk/client-route-53-domains';
import { DOMAIN } from './lib/domains';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...DOMAIN,
  id: 'route53domain_enable_transfer_lock',
  title: 'Lock a registered domain against transfer',
  attribute: 'transfer lock',
  severity: 'high',
  risk: 'safe',
  permissions: {
    read: ['route53domains:GetDomainDetail', 'route53domains:ListOperations'],
    write: ['route53domains:EnableDomainTransferLock'],
    undo: ['route53domains:DisableDomainTransferLock'],
  },

  async inspect({ route53domains }, { target: { id: DomainName } }) {
    const { StatusList = [] } = await route53domains.send(new GetDomainDetailCommand({ DomainName }));
    const underWay = new ListOperationsCommand({
      Type: ['DOMAIN_LOCK'],
      Status: ['SUBMITTED', 'IN_PROGRESS'],
    });
    const { Operations = [] } = await route53domains.send(underWay);
    const isBusy = Operations.some((one) => one.DomainName?.toLowerCase() === DomainName);
    return { is: StatusList.some((status) => /^(client)?transferprohibited$/i.test(status)), isBusy };
  },
  want: true,
  says: 'the domain can be transferred to another registrar: lock it',
  obstacle: ({ isBusy }) => (isBusy ? { waiting: 'the registry is changing the lock' } : undefined),
  write: (on, { target: { id: DomainName } }) => ({
    route53domains: on
      ? new EnableDomainTransferLockCommand({ DomainName })
      : new DisableDomainTransferLockCommand({ DomainName }),
  }),
});
