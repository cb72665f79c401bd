import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { assertLoopback } from '../local/loopback';
import { CLIENT_DEFAULTS, SQS_DEFAULTS } from '../shared/aws/clients';

/** The region that everything is measured in. */
export const REGION = 'eu-west-1';

/** For a client of local AWS or of the stub. */
export function settings(endpoint: string) {
  assertLoopback(endpoint);
  return { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

/** The clients of a coordinator, set as its own function sets them. */
export function coordinatorClients(endpoint: string) {
  return {
    sqs: new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) }),
    lambda: new LambdaClient({ ...CLIENT_DEFAULTS, ...settings(endpoint) }),
  };
}

/** A handler of requests for clients, which passes them on and counts them. */
export function counter(endpoint: string) {
  const { requestHandler } = new STSClient(settings(endpoint)).config;
  let count = 0;
  const handle: typeof requestHandler.handle = (request, options) => {
    count += 1;
    return requestHandler.handle(request, options);
  };
  return { requestHandler: { handle }, count: () => count };
}

/** Runs what logs as a function does, without its log. */
export async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { info } = console;
  console.info = () => undefined;
  try {
    return await run();
  } finally {
    console.info = info;
  }
}
