import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { REGION } from '../testing';
import { denied, newPatient, script } from './testing';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('--webhook', () => {
  const slack = async (status: number) => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.writeHead(status).end(status === 200 ? 'ok' : 'no_service'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/secret`;
    await new SSMClient({ region: REGION }).send(
      new PutParameterCommand({
        Name: '/selfheal/slack-webhook-url',
        Type: 'SecureString',
        Value: url,
        Overwrite: true,
      }),
    );
    return { bodies, close: () => new Promise((resolve) => server.close(resolve)) };
  };

  test('Slack takes the message', async () => {
    const patient = await newPatient();
    const { bodies, close } = await slack(200);
    const { rows } = await patient.examine(['--webhook']);
    await close();
    expect(rows['webhook-message']).toMatchObject({ state: 'green' });
    expect(bodies.join()).toContain(`A test message of npx selfheal doctor from`);
  });

  test('Slack refuses, or nobody answers; the URL is not told', async () => {
    const patient = await newPatient();
    const { close } = await slack(404);
    const refused = await patient.examine(['--webhook']);
    await close();
    expect(refused.rows['webhook-message']).toMatchObject({
      state: 'red',
      says: expect.stringContaining('Slack answered 404 no_service') as string,
      mend: expect.stringContaining('aws ssm put-parameter') as string,
    });
    const unanswered = await patient.examine(['--webhook']);
    expect(unanswered.rows['webhook-message']).toMatchObject({
      state: 'red',
      says: expect.stringContaining('Slack could not be reached') as string,
    });
    expect(JSON.stringify([refused, unanswered])).not.toContain('secret');
  });

  test('a URL that may not be read is unknown; without --webhook it is not read', async () => {
    const patient = await newPatient();
    script(SSMClient, 'GetParameter', () => denied('ssm:GetParameter'));
    expect((await patient.examine(['--webhook'])).rows['webhook-message']).toMatchObject({
      state: 'unknown',
    });
    expect((await patient.examine()).rows).not.toHaveProperty('webhook-message');
  });
});
