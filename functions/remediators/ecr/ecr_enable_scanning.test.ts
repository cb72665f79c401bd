import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutRegistryScanningConfigurationCommand,
  type RegistryScanningRule,
  type ScanType,
} from '@aws-sdk/client-ecr';
import { type Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './ecr_enable_scanning';

const repositories = async ({ client }: Account, scanOnPush: boolean) => {
  for (const repositoryName of ['team/neighbour', 'team/web']) {
    const imageScanningConfiguration = { scanOnPush };
    await client(ECRClient).send(
      new CreateRepositoryCommand({
        repositoryName,
        imageScanningConfiguration,
        imageTagMutability: 'IMMUTABLE',
      }),
    );
  }
  return 'team/web';
};

const withRegistry = (scanType: ScanType, filter: string) => async (account: Account) => {
  const id = await repositories(account, false);
  const repositoryFilters = [{ filter, filterType: 'WILDCARD' as const }];
  const rules: RegistryScanningRule[] = [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters }];
  await account.client(ECRClient).send(new PutRegistryScanningConfigurationCommand({ scanType, rules }));
  return id;
};

const violation = 'images are not scanned when they are pushed';

testSetting(bot, {
  wrong: false,
  right: true,
  given: repositories,
  violation,
  writes: ['ecr:PutImageScanningConfiguration'],
  untouched: async ({ client }, id) => {
    const reply = await client(ECRClient).send(new DescribeRepositoriesCommand({}));
    return reply.repositories?.map(({ imageScanningConfiguration, ...rest }) =>
      rest.repositoryName === id ? rest : { ...rest, imageScanningConfiguration },
    );
  },
  gone: 'team/gone',
  more: {
    violating: [
      {
        name: 'a registry that scans with Inspector, and not here',
        given: withRegistry('ENHANCED', 'prod/*'),
        violation,
        writes: [],
        held: /by rules that leave this repository out/,
      },
    ],
    compliant: [{ name: 'a rule of the registry covers it', given: withRegistry('BASIC', 'team/*') }],
  },
});
