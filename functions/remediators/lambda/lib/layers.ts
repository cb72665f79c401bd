import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { ConfigServiceClient } from '@aws-sdk/client-config-service';
import * as z from 'zod';
import { recordedBefore } from '../../../../shared/aws/history';
import { type TrailEvent, eventsIn } from '../../../../shared/aws/trail';

/** A change that said which layers a function is to have. */
export interface LayerChange extends Pick<TrailEvent, 'time' | 'by'> {
  readonly layers: readonly string[];
}

// Lambda's name of the operation in CloudTrail has the version of its API in it.
const UPDATE = 'UpdateFunctionConfiguration20150331v2';

const requestSchema = z.looseObject({ functionName: z.string(), layers: z.array(z.string()) });
const recordedSchema = z.looseObject({
  layers: z.array(z.looseObject({ arn: z.string().optional(), Arn: z.string().optional() })).nullish(),
});

/** The changes of a function's layers in that time, as CloudTrail has them, the latest first; without those of selfheal. */
export async function layersSet(
  client: CloudTrailClient,
  name: string,
  from: Date,
  to: Date,
): Promise<LayerChange[]> {
  const events = await eventsIn(client, {
    by: { key: 'EventName', value: UPDATE },
    names: [UPDATE],
    from,
    to,
  });
  return events.flatMap(({ request, time, by }) => {
    const read = requestSchema.safeParse(request).data;
    // A caller may name the function by its ARN, or by a part of that.
    const isIt = read?.functionName === name || read?.functionName.endsWith(`:${name}`);
    return read && isIt && !by.startsWith('selfheal-') ? [{ time, by, layers: read.layers }] : [];
  });
}

/** The layers that AWS Config last recorded before a change; `undefined`: it recorded nothing. */
export async function layersBefore(
  client: ConfigServiceClient,
  name: string,
  { time }: LayerChange,
): Promise<string[] | undefined> {
  const recorded = await recordedBefore(client, { type: 'AWS::Lambda::Function', id: name }, new Date(time));
  const read = recordedSchema.safeParse(recorded?.configuration).data;
  return read && (read.layers ?? []).map(({ arn, Arn }) => arn ?? Arn ?? '');
}
