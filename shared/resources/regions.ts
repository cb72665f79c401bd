import type { partitionOf } from './target';

/**
 * Regions of the public partitions, and the long names that consoles and other tools write for them: an area, and
 * the places in it. Source: AWS General Reference, service endpoints; names as in the SDKs' partitions.json.
 */
const REGIONS: Readonly<Record<string, readonly [area: string, ...places: string[]]>> = {
  'us-east-1': ['US East', 'N. Virginia', 'Northern Virginia'],
  'us-east-2': ['US East', 'Ohio'],
  'us-west-1': ['US West', 'N. California', 'Northern California'],
  'us-west-2': ['US West', 'Oregon'],
  'ca-central-1': ['Canada', 'Central'],
  'ca-west-1': ['Canada West', 'Calgary'],
  'mx-central-1': ['Mexico', 'Central'],
  'sa-east-1': ['South America', 'Sao Paulo'],
  'eu-west-1': ['Europe', 'Ireland'],
  'eu-west-2': ['Europe', 'London'],
  'eu-west-3': ['Europe', 'Paris'],
  'eu-central-1': ['Europe', 'Frankfurt'],
  'eu-central-2': ['Europe', 'Zurich'],
  'eu-north-1': ['Europe', 'Stockholm'],
  'eu-south-1': ['Europe', 'Milan'],
  'eu-south-2': ['Europe', 'Spain'],
  'il-central-1': ['Israel', 'Tel Aviv'],
  'me-central-1': ['Middle East', 'UAE'],
  'me-south-1': ['Middle East', 'Bahrain'],
  'af-south-1': ['Africa', 'Cape Town'],
  'ap-east-1': ['Asia Pacific', 'Hong Kong'],
  'ap-east-2': ['Asia Pacific', 'Taipei'],
  'ap-northeast-1': ['Asia Pacific', 'Tokyo'],
  'ap-northeast-2': ['Asia Pacific', 'Seoul'],
  'ap-northeast-3': ['Asia Pacific', 'Osaka', 'Osaka-Local'],
  'ap-south-1': ['Asia Pacific', 'Mumbai'],
  'ap-south-2': ['Asia Pacific', 'Hyderabad'],
  'ap-southeast-1': ['Asia Pacific', 'Singapore'],
  'ap-southeast-2': ['Asia Pacific', 'Sydney'],
  'ap-southeast-3': ['Asia Pacific', 'Jakarta'],
  'ap-southeast-4': ['Asia Pacific', 'Melbourne'],
  'ap-southeast-5': ['Asia Pacific', 'Malaysia'],
  'ap-southeast-6': ['Asia Pacific', 'New Zealand'],
  'ap-southeast-7': ['Asia Pacific', 'Thailand'],
  'cn-north-1': ['China', 'Beijing'],
  'cn-northwest-1': ['China', 'Ningxia'],
  // Their places, US-East and US-West, are what areas of the other partition are called too.
  'us-gov-east-1': ['AWS GovCloud (US-East)'],
  'us-gov-west-1': ['AWS GovCloud (US-West)'],
};

/** Names of no region, by their partition; that of `global` is the one that it is heard in. Source: the SDKs' partitions.json. */
const NOWHERE: ReadonlyMap<string, Partition | undefined> = new Map([
  ['', undefined],
  ['global', undefined],
  ['aws-global', 'aws'],
  ['aws-cn-global', 'aws-cn'],
  ['aws-us-gov-global', 'aws-us-gov'],
]);

type Partition = ReturnType<typeof partitionOf>;

/** A region that is newer than this list can be named under `regions` in config.ts. */
export const knownRegions: readonly string[] = Object.keys(REGIONS);

/** The region through which what lies in no region is reached. Source: AWS General Reference, IAM endpoints. */
export function globalRegionOf(partition: Partition): string {
  return { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition];
}

/** Whether a text says that there is no region: nothing at all, or `global`. */
export function isNowhere(text = ''): boolean {
  return NOWHERE.has(idIn(text));
}

/**
 * The region that a text names: by its id (`eu-west-1`, `eu_west_1`; also of regions that are not known here), or by
 * the whole of its long name or place (`Europe (Ireland)`, `Ireland`). Of no region (empty, `global`) it is the one
 * through which that is reached in the partition. One sentence where the text names none, or several.
 */
export function regionNamed(
  text: string,
  home: Partition = 'aws',
): { readonly region: string } | { readonly wrong: string } {
  const id = idIn(text);
  if (NOWHERE.has(id)) return { region: globalRegionOf(NOWHERE.get(id) ?? home) };
  if (/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(id)) return { region: id };
  const name = plain(text);
  const named = Object.entries(REGIONS).filter(([, names]) => longNames(names).some((one) => one === name));
  const [[region] = ['']] = named;
  if (named.length === 1) return { region };
  const said = JSON.stringify(text.slice(0, 64));
  return named.length === 0
    ? { wrong: `${said} is the name of no region known here: write its id, such as eu-west-1` }
    : {
        wrong: `${said} names several regions, ${named.map(([each]) => each).join(' and ')}: write one's id`,
      };
}

function idIn(text: string): string {
  return text.trim().toLowerCase().replaceAll('_', '-');
}

function longNames([area, ...places]: readonly [string, ...string[]]): string[] {
  const areas = area === 'Europe' ? [area, 'EU'] : [area];
  const names = places.flatMap((place) => [place, ...areas.map((each) => `${each} (${place})`)]);
  return (places.length === 0 ? [area] : names).map(plain);
}

/** For comparing names: without case, accents, brackets and doubled spaces. */
function plain(name: string): string {
  const letters = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return letters.replace(/[()\s]+/g, ' ').trim();
}
