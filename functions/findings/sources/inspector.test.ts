import { entry } from '../../../testing/entry';
import { readerOf, readsAnything } from '../../../testing/reading';
import { catalogue } from '../../remediators/catalogue';
import type { Intake } from '../source';
import closed from './fixtures/inspector/closed.json';
import openPort from './fixtures/inspector/open-port.json';
import vulnerable from './fixtures/inspector/package.json';
import { inspector } from './inspector';

const ACCOUNT = '111122223333';
const intake: Intake = {
  catalogue: [...catalogue, entry('lambda_stop', { resource: 'AWS::Lambda::Function' })],
  accountId: ACCOUNT,
  region: 'us-east-2',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
  routes: { inspector: { NETWORK_REACHABILITY: 'AUTO: ec2_stop_instance' } },
};

const read = readerOf(inspector, intake);

function changed(changes: object): object {
  return { ...openPort, detail: { ...openPort.detail, ...changes } };
}

describe('findings as Inspector sends them', () => {
  test('a port that the internet reaches', () => {
    expect(read(openPort)).toEqual([
      {
        remediation: {
          version: 1,
          bot: 'ec2_stop_instance',
          target: {
            account: ACCOUNT,
            region: 'eu-west-1',
            type: 'AWS::EC2::Instance',
            id: 'i-0a1b2c3d4e5f60718',
          },
          params: {},
          finding: {
            source: 'inspector',
            id: openPort.detail.findingArn,
            time: '2026-11-21T09:58:13.000Z',
            title: 'Port 22 is reachable from an Internet Gateway - TCP',
            severity: 'medium',
          },
        },
        severity: 5,
      },
    ]);
  });

  test('by its title, and on the security group that lies on the way', () => {
    const routes = { inspector: { 'Port 22 is reachable*': 'AUTO: sg_close_ports ports=22' } };
    expect(read(openPort, { routes })).toMatchObject([
      { remediation: { target: { type: 'AWS::EC2::SecurityGroup', id: 'sg-0d34debf87410f2d9' } } },
    ]);
  });

  test('a vulnerable package is declined, unless a route names it', () => {
    expect(read(vulnerable)).toEqual([
      { declined: expect.stringMatching(/^no route for PACKAGE_VULNER/), withoutRoute: true },
    ]);
    const routes = { inspector: { PACKAGE_VULNERABILITY: { auto: 'lambda_stop', minSeverity: 7.5 } } };
    expect(read(vulnerable, { routes })).toMatchObject([
      { remediation: { target: { type: 'AWS::Lambda::Function', id: 'VulnerableFunction' } } },
    ]);
  });

  test('a closed one', () => {
    expect(read(closed)).toEqual([
      { declined: `the finding's status is CLOSED; only ACTIVE asks for a repair` },
    ]);
  });
});

test.each(['SUPPRESSED', 'active', '', null, undefined])('status %j is declined', (status) => {
  expect(read(changed({ status }))).toEqual([
    { declined: expect.stringMatching(/only ACTIVE asks for a repair$/) },
  ]);
});

test.each([
  [{ severity: 'LOW' }, 'declined'],
  [{ severity: 'MEDIUM' }, 'declined'],
  [{ severity: 'HIGH' }, 'remediation'],
  [{ severity: 'UNTRIAGED' }, 'remediation'],
  [{ severity: 'LOW', inspectorScore: 9.8 }, 'remediation'],
])('%j against a route from 7 on: %s', (changes, kind) => {
  const routes = { inspector: { NETWORK_REACHABILITY: { auto: 'ec2_stop_instance', minSeverity: 7 } } };
  expect(read(changed(changes), { routes })[0]).toHaveProperty(kind);
});

test('without resources, title and time', () => {
  const bare = { resources: null, networkReachabilityDetails: null, title: null };
  expect(read(changed(bare))).toEqual([{ unusable: expect.stringMatching(/names no AWS::EC2::Instance/) }]);
  const steps = [{ componentId: null, componentType: 'AWS::EC2::Instance' }, {}];
  const networkReachabilityDetails = { networkPath: { steps } };
  expect(read(changed({ ...bare, networkReachabilityDetails }))).toEqual([{ unusable: expect.any(String) }]);
  expect(read({ ...changed({ title: '' }), time: 'never' })).toMatchObject([
    { remediation: { finding: { time: intake.sentAt } } },
  ]);
});

test.each<[object, RegExp]>([
  [{ ...openPort, detail: 7 }, /detail/],
  [changed({ findingArn: null }), /findingArn/],
  [changed({ resources: {} }), /resources/],
  [changed({ resources: [{ id: 1 }] }), /resources\.0\.id/],
  [changed({ inspectorScore: '9' }), /inspectorScore/],
])('%j is none of Inspector’s', (message, reason) => {
  expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
});

test('anything in place of any fields: nothing is thrown, and all is answered', () => {
  readsAnything(inspector, [openPort, vulnerable, closed], intake);
});
