import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeRepositoriesCommand,
  GetRegistryScanningConfigurationCommand,
  PutImageScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { REPOSITORY } from './lib/repository';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'ecr_enable_scanning',
  title: 'Scan the images that are pushed to an ECR repository',
  severity: 'high',
  risk: 'safe',
  recheck: 'daily',
  permissions: {
    read: [
      'ecr:BatchGetRepositoryScanningConfiguration',
      'ecr:DescribeRepositories',
      'ecr:GetRegistryScanningConfiguration',
    ],
    write: ['ecr:PutImageScanningConfiguration'],
  },
  ...REPOSITORY,

  async inspect({ ecr }, { target: { id } }) {
    const repositoryNames = [id];
    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames }));
    const is = repositories[0]?.imageScanningConfiguration?.scanOnPush ?? false;
    const byRule = new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames });
    const { scanningConfigurations = [] } = await ecr.send(byRule);
    const { scanFrequency: frequency = 'MANUAL' } = scanningConfigurations[0] ?? {};
    const registry = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
    return { is, frequency, isEnhanced: registry.scanningConfiguration?.scanType === 'ENHANCED' };
  },
  want: true,
  says: 'images are not scanned when they are pushed',
  obstacle({ frequency, isEnhanced }) {
    if (frequency !== 'MANUAL') return { notApplicable: 'a rule of the registry covers it' };
    if (!isEnhanced) return undefined;
    return { held: 'Amazon Inspector scans, by rules that leave this repository out: add it to them' };
  },
  write: (scanOnPush, { target: { id: repositoryName } }) => ({
    ecr: new PutImageScanningConfigurationCommand({
      repositoryName,
      imageScanningConfiguration: { scanOnPush },
    }),
  }),
});
