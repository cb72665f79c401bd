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
