import { Problem, explain } from './errors';

const PLACE = { stage: 'prod', region: 'eu-west-1' };
const named = (name: string, message = 'm', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

test.each([
  [
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    4,
    /no AWS credentials/,
  ],
  [new Error('Region is missing'), 4, /no AWS region/],
  [named('ExpiredTokenException', 'expired'), 4, /sign in again/],
  [named('QueueDoesNotExist'), 4, /no installation of stage prod in eu-west-1: deploy it, or name another/],
  [named('ResourceNotFoundException'), 4, /no installation/],
  [
    named('AccessDeniedException', 'User: x is not authorized to perform: dynamodb:Query on resource: y'),
    4,
    /^AWS denies dynamodb:Query to the caller/,
  ],
  [named('UnauthorizedOperation', ''), 4, /denies access/],
  [
    named('AggregateError', '', { errors: [named('Error', 'x', { code: 'ECONNREFUSED' })] }),
    4,
    /cannot be reached.*ECONNREFUSED/,
  ],
  [named('TypeError', 'fetch failed', { cause: { code: 'ENOTFOUND' } }), 4, /cannot be reached/],
  [named('ThrottlingException', 'slow down'), 4, /throttling/],
  [new Problem('a sentence'), 2, /^a sentence$/],
  [named('Unknown', 'what'), 1, /^Unknown: what$/],
  ['text', 1, /text/],
  [undefined, 1, /undefined/],
])('%s', (error, exit, sentence) => {
  expect(explain(error, PLACE)).toEqual({ exit, sentence: expect.stringMatching(sentence) });
});
