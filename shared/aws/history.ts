import {
  type ConfigServiceClient,
  GetResourceConfigHistoryCommand,
  type ResourceType,
} from '@aws-sdk/client-config-service';
import { undefinedIfGone } from './errors';

/** A resource as AWS Config recorded it. */
export interface Recorded {
  /** When it was captured, ISO. */
  readonly time: string;
  /** What the service's own API said, in Config's spelling. */
  readonly configuration: unknown;
}

/**
 * The last that AWS Config recorded of a resource before a time (`config:GetResourceConfigHistory`); `undefined`: it
 * recorded nothing, or does not record.
 */
export async function recordedBefore(
  client: ConfigServiceClient,
  { type, id }: { readonly type: ResourceType; readonly id: string },
  time: Date,
): Promise<Recorded | undefined> {
  const input = { resourceType: type, resourceId: id, laterTime: time, limit: 1 };
  const reply = await undefinedIfGone(
    client.send(new GetResourceConfigHistoryCommand(input)),
    'ResourceNotDiscoveredException',
    'NoAvailableConfigurationRecorderException',
  );
  const [item] = reply?.configurationItems ?? [];
  if (item?.configuration === undefined || item.configuration === '') return undefined;
  return {
    time: (item.configurationItemCaptureTime ?? new Date(0)).toISOString(),
    configuration: JSON.parse(item.configuration) as unknown,
  };
}
