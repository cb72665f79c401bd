import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  PutImageScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'ecr_enable_scanning',
  title: 'Scan the images that are pushed to an ECR repository',
  resource: 'AWS::ECR::Repository',
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
  controls: {
    securityHub: ['ECR.1'],
    config: ['ECR_PRIVATE_IMAGE_SCANNING_ENABLED'],
    prowler: ['ecr_repositories_scan_images_on_push_enabled'],
  },
  docs: {
    why: 'Nobody learns of a known vulnerability in an image that is never looked at.',
    effect: [
      'ECR scans every image that is pushed from now on, at no charge; images that are there are not scanned.',
      'A repository that the registry’s own rules cover is left alone.',
      'Where the registry scans with Amazon Inspector, its rules alone decide: the bot holds, and a person adds the repository to them.',
      'Undo turns the scans off again.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html'],
  },
  clients: { ecr: ECRClient },
  gone: ['RepositoryNotFoundException'],

  async inspect({ ecr }, { target: { id } }) {
    const repositoryNames = [id];
    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames }));
    const is = repositories[0]?.imageScanningConfiguration?.scanOnPush ?? false;
    const { scanningConfigurations = [] } = await ecr.send(
      new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames }),
    );
    const frequency = scanningConfigurations[0]?.scanFrequency ?? 'MANUAL';
    const registry = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
    return { is, frequency, isEnhanced: registry.scanningConfiguration?.scanType === 'ENHANCED' };
  },
  want: true,
  says: 'images are not scanned when they are pushed',
  obstacle({ frequency, isEnhanced }) {
    if (frequency !== 'MANUAL') return { notApplicable: 'a rule of the registry covers it' };
    return isEnhanced
      ? {
          held: 'the registry scans with Amazon Inspector, by rules that leave this repository out: add it to them',
        }
      : undefined;
  },
  write: (scanOnPush, { target: { id } }) => ({
    ecr: new PutImageScanningConfigurationCommand({
      repositoryName: id,
      imageScanningConfiguration: { scanOnPush },
    }),
  }),
});
