import { ECRClient } from '@aws-sdk/client-ecr';

/** What all bots on repositories share. */
export const REPOSITORY = {
  resource: 'AWS::ECR::Repository',
  clients: { ecr: ECRClient },
  gone: ['RepositoryNotFoundException'],
} as const;
