import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Item } from '../report/data';
import { counted, duration, moment } from './words';

const NAMES: Readonly<Record<Item['from'], string>> = {
  journal: 'Change',
  plans: 'Plan id',
  queue: 'Message',
  'dead letters': 'Message',
};

/** One fault in full: finding, plan, calls, proof, and the way back. */
export function Details({ item }: { readonly item: Item }) {
  const {
    id,
    finding,
    reason,
    params,
    calls,
    words,
    owner,
    changedBy,
    approvedBy,
    decideBy,
    consoleUrl,
    cut,
  } = item;
  return (
    <div class="details">
      <dl class="facts">
        {reason !== undefined && <Fact name="Because">{reason}</Fact>}
        {finding && (
          <Fact name="Finding">
            {finding.title !== undefined && (
              <>
                {finding.title}
                <br />
              </>
            )}
            <span class="quiet">
              {finding.source}, <span class="mono">{finding.id}</span>, <Moment iso={finding.time} />
            </span>
          </Fact>
        )}
        <Fact name="Plan">
          <span class="mono">{item.bot}</span>
          {item.title !== undefined && `: ${item.title}`}
          {item.risk !== undefined && <span class="quiet"> ({item.risk})</span>}
          {params !== undefined && <pre tabIndex={0}>{params}</pre>}
        </Fact>
        {item.standards.length > 0 && <Fact name="Standards">{item.standards.join(', ')}</Fact>}
        {owner !== undefined && <Fact name="Owner">{owner}</Fact>}
        {changedBy !== undefined && <Fact name="Changed last by">{changedBy}</Fact>}
        {approvedBy !== undefined && <Fact name="Approved by">{approvedBy}</Fact>}
        {decideBy !== undefined && (
          <Fact name="To be decided by">
            <Moment iso={decideBy} />
          </Fact>
        )}
        <Fact name={NAMES[item.from]}>
          <span class="mono">{id}</span>
        </Fact>
        {consoleUrl !== undefined && (
          <Fact name="Resource">
            <a href={consoleUrl} target="_blank" rel="noreferrer noopener">
              Open in the AWS console
            </a>
          </Fact>
        )}
      </dl>
      <div class="work">
        {words.length > 0 && (
          <>
            <h3>{wasSent(item) ? 'What it changed' : 'What it would change'}</h3>
            <ul class="changes">
              {words.map(({ sign, text }, index) => (
                <Change key={index} sign={sign} text={text} />
              ))}
            </ul>
          </>
        )}
        <Calls item={item} />
        <Proof item={item} />
        <WayBack item={item} />
        {cut !== undefined && (
          <p class="quiet">
            {cut}: npx selfheal history {id} shows them.
          </p>
        )}
        {calls.length === 0 && item.from === 'queue' && (
          <p class="quiet">
            The message carries no plan: npx selfheal queue computes it from the live resource.
          </p>
        )}
      </div>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Calls({ item }: { readonly item: Item }) {
  const { calls } = item;
  if (calls.length === 0) return null;
  return (
    <>
      <h3>
        {wasSent(item) ? 'Calls sent' : 'Calls that would be sent'}{' '}
        <span class="quiet">({counted(calls.length, 'call')})</span>
      </h3>
      <ol class="calls">
        {calls.map(({ action, input }, index) => (
          <li key={index}>
            <code>{action}</code>
            {input !== '' && <pre tabIndex={0}>{input}</pre>}
          </li>
        ))}
      </ol>
    </>
  );
}

function Proof({ item }: { readonly item: Item }) {
  const { from, state, endedAt, at, undoneAt, seconds, standing, differences } = item;
  if (from !== 'journal') return null;
  return (
    <>
      <h3>Proof</h3>
      <p>
        {proofOf(state, standing)}{' '}
        <span class="quiet">
          Started <Moment iso={at} />
          {endedAt !== undefined && (
            <>
              , ended <Moment iso={endedAt} />
            </>
          )}
          {seconds !== undefined && <>, {duration(seconds)} after the finding</>}
          {undoneAt !== undefined && (
            <>
              , undone <Moment iso={undoneAt} />
            </>
          )}
          .
        </span>
      </p>
      {differences.length > 0 && (
        <>
          <h3>Before and after</h3>
          <ul class="changes">
            {differences.map((difference, index) => (
              <Difference key={index} difference={difference} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** `rotates: false → true`, or of a list `ports: - {…}`. */
function Difference({ difference }: { readonly difference: string }) {
  const [, where, sign, rest] = /^(.*?): ([-+]) (.*)$/s.exec(difference) ?? [];
  const isOfList = sign === '-' || sign === '+';
  return <Change sign={isOfList ? sign : ' '} text={isOfList ? `${where}: ${rest}` : difference} />;
}

/** What stands in the journal was done, plans apart. */
function wasSent({ from }: Item): boolean {
  return from === 'journal';
}

function proofOf(state: Item['state'], standing: string | undefined): string {
  if (state === 'fixed') {
    return standing === undefined
      ? 'The resource was read again, and the check that found the fault no longer finds it.'
      : 'The resource is gone.';
  }
  if (state === 'undone') return 'The repair was proven, and then taken back.';
  return 'There is none: the fault may still be there.';
}

const SIGNS = {
  '-': { shown: '−', said: 'goes: ', look: 'gone' },
  '+': { shown: '+', said: 'comes: ', look: 'added' },
  ' ': { shown: '·', said: '', look: 'stays' },
} as const;

/** A line of what changes: the sign is said as well. */
function Change({ sign, text }: { readonly sign: keyof typeof SIGNS; readonly text: string }) {
  const { shown, said, look } = SIGNS[sign];
  return (
    <li class={look}>
      <span aria-hidden="true">{shown}</span>
      <span>
        {said && <span class="hidden">{said}</span>}
        {text}
      </span>
    </li>
  );
}

function WayBack({ item: { undo, oneWay } }: { readonly item: Item }) {
  const [copied, setCopied] = useState(false);
  if (oneWay) {
    return (
      <>
        <h3>Undo</h3>
        <p>There is no way back from this repair.</p>
      </>
    );
  }
  if (undo === undefined) return null;
  return (
    <>
      <h3>Undo</h3>
      <p class="undo">
        <code>{undo}</code>
        <button
          type="button"
          class="plain"
          onClick={() => {
            void navigator.clipboard.writeText(undo).then(() => {
              setCopied(true);
            });
          }}
        >
          Copy
        </button>
        <span role="status">{copied && 'Copied.'}</span>
      </p>
    </>
  );
}

function Moment({ iso }: { readonly iso: string }) {
  return <time dateTime={iso}>{moment(iso)}</time>;
}
