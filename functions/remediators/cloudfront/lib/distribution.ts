import {
  CloudFrontClient,
  type DistributionConfig,
  GetDistributionConfigCommand,
  type Origin,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { sealed } from '../../../../shared/bot/sealed';

/** What all bots on distributions share. */
export const DISTRIBUTION = {
  resource: 'AWS::CloudFront::Distribution',
  clients: { cloudfront: CloudFrontClient },
  gone: ['NoSuchDistribution'],
} as const;

/** A distribution as it was read; it is written back as a whole, and only if nobody has changed it since. */
export interface Read {
  readonly config: DistributionConfig;
  readonly etag: string;
}

/** Reads `cloudfront:GetDistributionConfig`. */
export async function readDistribution(cloudfront: CloudFrontClient, Id: string): Promise<Read | undefined> {
  const read = await cloudfront.send(new GetDistributionConfigCommand({ Id }));
  return read.DistributionConfig && { config: withSealed(read.DistributionConfig), etag: read.ETag ?? '' };
}

/** Writes the distribution as it was read, but for these members. */
export function updateDistribution(Id: string, { config, etag }: Read, changes: Partial<DistributionConfig>) {
  return {
    cloudfront: new UpdateDistributionCommand({
      Id,
      IfMatch: etag,
      DistributionConfig: { ...config, ...changes },
    }),
  };
}

/** By the headers that CloudFront adds, origins know that a request came through it: their values are secrets. */
function withSealed(config: DistributionConfig): DistributionConfig {
  const { Origins } = config;
  return Origins ? { ...config, Origins: { ...Origins, Items: Origins.Items?.map(sealedOrigin) } } : config;
}

function sealedOrigin(origin: Origin): Origin {
  const { CustomHeaders } = origin;
  if (!CustomHeaders?.Items) return origin;
  const Items = CustomHeaders.Items.map((header) => ({
    ...header,
    HeaderValue: sealed(header.HeaderValue ?? ''),
  }));
  return { ...origin, CustomHeaders: { ...CustomHeaders, Items } };
}
