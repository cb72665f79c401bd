import {
  AccessAnalyzerClient,
  type AnalyzerSummary,
  CreateAnalyzerCommand,
  DeleteAnalyzerCommand,
  paginateListAnalyzers,
} from '@aws-sdk/client-accessanalyzer';
import * as z from 'zod';
import { defineBot } from '../../../shared/bot/bot';

/** Those that look for access from outside; analyzers of unused and internal access are of other types. */
const TYPES = ['ACCOUNT', 'ORGANIZATION'] as const;

export const bot = defineBot({
  id: 'accessanalyzer_enable',
  title: 'Turn on the external access analyzer of IAM in a region',
  resource: 'AWS::::Region',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,254}$/)
      .default('selfheal')
      .describe('name of an analyzer that the bot makes'),
    type: z
      .enum(TYPES)
      .default('ACCOUNT')
      .describe(
        'whose outside: that of the account or of the organization, which its administrator alone can make',
      ),
  }),
  from: { name: 'config', type: 'config' },
  permissions: {
    read: ['access-analyzer:ListAnalyzers'],
    write: ['access-analyzer:CreateAnalyzer', 'iam:CreateServiceLinkedRole'],
    undo: ['access-analyzer:DeleteAnalyzer'],
    only: { 'iam:CreateServiceLinkedRole': 'role/aws-service-role/access-analyzer.amazonaws.com/*' },
  },
  controls: {
    securityHub: ['IAM.28'],
    cis: { '3.0': ['1.20'], '5.0': ['1.19'], '6.0': ['2.19'], '7.0': ['2.18'] },
    config: ['IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED'],
    prowler: ['accessanalyzer_enabled'],
  },
  docs: {
    why: 'Without it nobody is told which buckets, roles, keys and queues of the region others can reach.',
    effect: [
      'An analyzer is made, which reads policies and costs nothing; nothing in the account notices.',
      'Analyzers that are there stay as they are, and one of the account or of the organization is enough.',
      'Undo deletes the analyzer that was made, with its findings.',
    ],
    references: ['https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateAnalyzer.html'],
  },
  clients: { 'access-analyzer': AccessAnalyzerClient },

  async inspect(aws) {
    const found: AnalyzerSummary[] = [];
    for await (const { analyzers } of paginateListAnalyzers({ client: aws['access-analyzer'] }, {}))
      found.push(...(analyzers ?? []));
    const analyzers = found.map(({ name = '', type = '', status = '' }) => ({ name, type, status }));
    return { analyzers: analyzers.sort((one, other) => one.name.localeCompare(other.name)) };
  },

  check: ({ analyzers }, { params }) =>
    analyzers.some(({ type, status }) => status === 'ACTIVE' && isEnough(type, params.type))
      ? undefined
      : 'no analyzer looks for access from outside in the region',

  plan({ analyzers }, { params: { name: analyzerName, type } }) {
    if (analyzers.some((one) => one.status === 'CREATING' && isEnough(one.type, type))) {
      return { waiting: 'an analyzer is being made' };
    }
    const taken = analyzers.find(({ name }) => name === analyzerName);
    if (taken) {
      return {
        held: `the analyzer ${taken.name} is there already, of type ${taken.type} and ${taken.status}: delete it, or give another name`,
      };
    }
    return [{ 'access-analyzer': new CreateAnalyzerCommand({ analyzerName, type }) }];
  },

  undo: (before, { now, params: { name: analyzerName } }) => {
    const has = ({ analyzers }: typeof now) => analyzers.some(({ name }) => name === analyzerName);
    return has(now) && !has(before)
      ? [{ 'access-analyzer': new DeleteAnalyzerCommand({ analyzerName }) }]
      : [];
  },
});

/** The organization's analyzer knows whatever the account's does, and more. */
function isEnough(type: string, wanted: (typeof TYPES)[number]): boolean {
  return type === 'ORGANIZATION' || (type === 'ACCOUNT' && wanted === 'ACCOUNT');
}
