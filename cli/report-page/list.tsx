import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DIMENSIONS, type ReportData, STATES } from '../report/data';
import { type Filters, NO_FILTERS, SORTS, narrowed, optionsOf } from './filters';
import { Row } from './row';
import { DIMENSION_WORDS, SORT_WORDS, STATE_WORDS, counted, number } from './words';

interface Props {
  readonly data: ReportData;
  readonly filters: Filters;
  readonly setFilters: (filters: Filters) => void;
}

const PAGE = 50;

/** Every fault and its repair, narrowed by filters and a search, a page at a time. */
export function List({ data, filters, setFilters }: Props) {
  const { items } = data;
  const found = useMemo(() => narrowed(items, filters), [items, filters]);
  const [page, setPage] = useState(0);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    setPage(0);
  }, [filters]);
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const at = Math.min(page, pages - 1);
  const shown = found.slice(at * PAGE, (at + 1) * PAGE);
  const isNarrowed = Object.entries(filters).some(([name, value]) => name !== 'sort' && value !== '');
  const turn = (to: number) => {
    setPage(to);
    document.getElementById('faults')?.focus();
  };
  return (
    <section class="list" aria-labelledby="faults">
      <h2 id="faults" tabIndex={-1}>
        Faults and repairs
      </h2>
      <Toolbar items={items} filters={filters} setFilters={setFilters} />
      <div class="found">
        <p role="status" aria-live="polite">
          {said(found.length, items.length, at)}
        </p>
        {isNarrowed && (
          <button
            type="button"
            class="plain"
            onClick={() => {
              setFilters({ ...NO_FILTERS, sort: filters.sort });
            }}
          >
            Clear filters
          </button>
        )}
      </div>
      {shown.length > 0 && (
        <table class="faults" role="table" aria-label="Faults and repairs">
          <thead role="rowgroup">
            <tr role="row">
              {['State', 'What is wrong', 'Resource', 'Severity', 'When', 'Details'].map((title) => (
                <th key={title} scope="col" role="columnheader">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          {shown.map((item) => (
            <Row
              key={item.id}
              item={item}
              now={data.generatedAt}
              isOpen={open.has(item.id)}
              toggle={() => {
                setOpen(toggled(open, item.id));
              }}
            />
          ))}
        </table>
      )}
      {pages > 1 && (
        <nav class="pages" aria-label="Pages of the list">
          <button
            type="button"
            class="plain"
            disabled={at === 0}
            onClick={() => {
              turn(at - 1);
            }}
          >
            Newer
          </button>
          <span>
            Page {number(at + 1)} of {number(pages)}
          </span>
          <button
            type="button"
            class="plain"
            disabled={at === pages - 1}
            onClick={() => {
              turn(at + 1);
            }}
          >
            Older
          </button>
        </nav>
      )}
    </section>
  );
}

function Toolbar({ items, filters, setFilters }: Omit<Props, 'data'> & Pick<ReportData, 'items'>) {
  const search = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName))
        return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
    };
  }, []);
  return (
    <form
      class="tools"
      role="search"
      aria-label="Faults and repairs"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <label class="search">
        <span>
          Search <kbd aria-hidden="true">/</kbd>
        </span>
        <input
          ref={search}
          type="search"
          value={filters.search}
          placeholder="a resource, a bot, a word"
          onInput={({ currentTarget }) => {
            setFilters({ ...filters, search: currentTarget.value });
          }}
        />
      </label>
      <Choice
        label="State"
        value={filters.state}
        onChoose={(state) => {
          setFilters({ ...filters, state: state as Filters['state'] });
        }}
      >
        <option value="">All</option>
        {STATES.filter((state) => state === filters.state || items.some((item) => item.state === state)).map(
          (state) => (
            <option key={state} value={state}>
              {STATE_WORDS[state].name}
            </option>
          ),
        )}
      </Choice>
      {DIMENSIONS.map((dimension) => (
        <Choice
          key={dimension}
          label={DIMENSION_WORDS[dimension]}
          value={filters[dimension]}
          onChoose={(value) => {
            setFilters({ ...filters, [dimension]: value });
          }}
        >
          <option value="">All</option>
          {optionsOf(items, filters, dimension).map(({ value, count }) => (
            <option key={value} value={value}>
              {`${value} (${number(count)})`}
            </option>
          ))}
        </Choice>
      ))}
      <Choice
        label="Order"
        value={filters.sort}
        onChoose={(sort) => {
          setFilters({ ...filters, sort: sort as Filters['sort'] });
        }}
      >
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {SORT_WORDS[sort]}
          </option>
        ))}
      </Choice>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onChoose: (value: string) => void;
  readonly children: ComponentChildren;
}

function Choice({ label, value, onChoose, children }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select
        value={value}
        onChange={({ currentTarget }) => {
          onChoose(currentTarget.value);
        }}
      >
        {children}
      </select>
    </label>
  );
}

function said(found: number, all: number, page: number): string {
  if (all === 0) return 'There are no faults in this time.';
  if (found === 0) return 'No fault matches.';
  const which = found === all ? counted(found, 'fault') : `${number(found)} of ${counted(all, 'fault')}`;
  if (found <= PAGE) return `${which}.`;
  return `${which}; ${number(page * PAGE + 1)} to ${number(Math.min(found, (page + 1) * PAGE))} shown.`;
}

function toggled(open: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(id)) next.add(id);
  return next;
}
