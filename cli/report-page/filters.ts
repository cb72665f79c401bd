import { DIMENSIONS, type Dimension, type Item, STATES, type State, valuesOf } from '../report/data';

/** What the list is narrowed by; what is empty narrows nothing. */
export interface Filters extends Readonly<Record<Dimension, string>> {
  readonly state: State | '';
  readonly search: string;
  readonly sort: Sort;
}

/** Orders of the list by their names in the address. */
export const SORTS = ['newest', 'severity', 'state', 'slowest', 'resource'] as const;

/** See {@link SORTS}. */
export type Sort = (typeof SORTS)[number];

/** A value that a filter can take, and how many of the items that the other filters leave have it. */
export interface Option {
  readonly value: string;
  readonly count: number;
}

export const NO_FILTERS: Filters = {
  ...{ state: '', search: '', sort: 'newest' },
  ...{ account: '', region: '', bot: '', standard: '', severity: '' },
};

/** Items that pass all filters, in the order asked for. */
export function narrowed(items: readonly Item[], filters: Filters): Item[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter(
    (item) =>
      passes(item, filters) && (words.length === 0 || words.every((word) => textOf(item).includes(word))),
  );
  return filters.sort === 'newest' ? found : found.sort((one, other) => compare(one, other, filters.sort));
}

/** What a filter offers: values of the items that pass all others, and the one that is chosen. */
export function optionsOf(items: readonly Item[], filters: Filters, dimension: Dimension): Option[] {
  const counts = new Map<string, number>();
  if (filters[dimension]) counts.set(filters[dimension], 0);
  for (const item of narrowed(items, { ...filters, [dimension]: '', sort: 'newest' })) {
    for (const value of valuesOf(item, dimension)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) =>
      dimension === 'severity'
        ? SEVERITIES.indexOf(one.value) - SEVERITIES.indexOf(other.value)
        : one.value.localeCompare(other.value, 'en', { numeric: true }),
    );
}

/** The filters in the page's address behind `#`; what it does not know is left out. */
export function fromHash(hash: string): Filters {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const state = STATES.find((name) => name === said.get('state')) ?? '';
  const sort = SORTS.find((name) => name === said.get('sort')) ?? 'newest';
  const values = DIMENSIONS.map((name) => [name, said.get(name) ?? ''] as const);
  const chosen: Partial<Filters> = Object.fromEntries(values);
  return { ...NO_FILTERS, ...chosen, state, sort, search: said.get('search') ?? '' };
}

/** The filters as they stand in the page's address; empty where nothing is narrowed. */
export function toHash(filters: Filters): string {
  const said = Object.entries(filters).filter(
    ([name, value]) => value !== '' && !(name === 'sort' && value === 'newest'),
  );
  return new URLSearchParams(said as [string, string][]).toString();
}

function passes(item: Item, filters: Filters): boolean {
  return (
    (filters.state === '' || item.state === filters.state) &&
    DIMENSIONS.every((name) => filters[name] === '' || valuesOf(item, name).includes(filters[name]))
  );
}

function textOf(item: Item): string {
  const { id, bot, title, violation, reason, target, finding, owner, changedBy } = item;
  const said = [id, bot, title, violation, reason, owner, changedBy];
  return [...said, ...Object.values(target ?? {}), ...Object.values(finding ?? {})].join('\n').toLowerCase();
}

function compare(one: Item, other: Item, sort: Sort): number {
  switch (sort) {
    case 'severity':
      return SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity);
    case 'state':
      return STATES.indexOf(one.state) - STATES.indexOf(other.state);
    case 'slowest':
      return (other.seconds ?? -1) - (one.seconds ?? -1);
    case 'resource':
      return (one.target?.id ?? '').localeCompare(other.target?.id ?? '', 'en', { numeric: true });
    default:
      return 0;
  }
}

const SEVERITIES: readonly string[] = ['critical', 'high', 'medium', 'low', 'unknown'];
