import { knownRegions, regionNamed } from './regions';

test.each([
  ['us_east_1', 'us-east-1'],
  ['us-east-1', 'us-east-1'],
  [' EU_WEST_2 ', 'eu-west-2'],
  ['cn_north_1', 'cn-north-1'],
  ['us_gov_west_1', 'us-gov-west-1'],
  ['xx-moon-9', 'xx-moon-9'],
  ['Oregon', 'us-west-2'],
  ['US West (Oregon)', 'us-west-2'],
  ['us west oregon', 'us-west-2'],
  ['N. Virginia', 'us-east-1'],
  ['US East (N. Virginia)', 'us-east-1'],
  ['Northern California', 'us-west-1'],
  ['Frankfurt', 'eu-central-1'],
  ['EU (Frankfurt)', 'eu-central-1'],
  ['Europe (Ireland)', 'eu-west-1'],
  ['  europe   (ireland) ', 'eu-west-1'],
  ['São Paulo', 'sa-east-1'],
  ['South America (Sao Paulo)', 'sa-east-1'],
  ['Canada (Central)', 'ca-central-1'],
  ['Canada Central', 'ca-central-1'],
  ['Mexico (Central)', 'mx-central-1'],
  ['Calgary', 'ca-west-1'],
  ['Tel Aviv', 'il-central-1'],
  ['China (Beijing)', 'cn-north-1'],
  ['Ningxia', 'cn-northwest-1'],
  ['AWS GovCloud (US-East)', 'us-gov-east-1'],
  ['AWS GovCloud (US-West)', 'us-gov-west-1'],
])('%j is %s', (text, region) => {
  expect(regionNamed(text)).toEqual({ region });
});

test.each([
  ['', 'us-east-1'],
  ['global', 'us-east-1'],
  ['Global', 'us-east-1'],
  ['aws-global', 'us-east-1'],
  ['aws_cn_global', 'cn-north-1'],
  ['aws-us-gov-global', 'us-gov-west-1'],
])('%j is no region, and is reached through %s', (text, region) => {
  expect(regionNamed(text)).toEqual({ region });
});

test('what lies in no region is sought in the partition that is asked from', () => {
  const regions = ['', 'global', 'aws-global'].map((text) => regionNamed(text, 'aws-us-gov'));
  expect(regions).toEqual([
    { region: 'us-gov-west-1' },
    { region: 'us-gov-west-1' },
    { region: 'us-east-1' },
  ]);
});

test.each([
  'Virginia',
  'US East',
  'us_east',
  'US-East',
  'Europe',
  'Oregon Ohio',
  'Moon',
  'constructor',
  '()',
])('%j names no region: never the first that has it somewhere in its name', (text) => {
  expect(regionNamed(text)).toEqual({ wrong: expect.stringMatching(/is the name of no region known here/) });
});

test('a name of two regions is none', () => {
  expect(regionNamed('Central')).toEqual({
    wrong: `"Central" names several regions, ca-central-1 and mx-central-1: write one's id`,
  });
});

test('a name as long as a book is cut', () => {
  expect(regionNamed('x'.repeat(100_000))).toEqual({ wrong: expect.stringMatching(/^.{1,160}$/) });
});

test('every region is an id that is understood', () => {
  expect(knownRegions).toHaveLength(38);
  for (const region of knownRegions) expect(regionNamed(region)).toEqual({ region });
});
