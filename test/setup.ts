import { startAws } from '../local/aws';
import { enterLocalEnvironment } from '../local/loopback';

/** One local AWS for all unit and contract tests; each test has an account of it for itself. */
export default async function setup(): Promise<void> {
  const aws = await startAws();
  enterLocalEnvironment(aws.endpoint, 'eu-west-1');
  (globalThis as { localAws?: typeof aws }).localAws = aws;
}
