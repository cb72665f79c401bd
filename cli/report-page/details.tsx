import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Item } from '../report/data';
import { counted, duration, moment } from './words';

/** One fault in full: finding, plan, calls, proof, and the way back. */
export function Details({ item }: { readonly item: Item }) {
  const { id, finding, reason, params, calls, changes, owner, madeBy, consoleUrl, cut } = item;
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
        {madeBy !== undefined && <Fact name="Made by">{madeBy}</Fact>}
        <Fact name={item.from === 'journal' ? 'Change' : 'Message'}>
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
        <Calls item={item} />
        <Proof item={item} />
        {changes.length > 0 && (
          <>
            <h3>What changed</h3>
            <ul class="changes">
              {changes.map((change, index) => (
                <Change key={index} change={change} />
              ))}
            </ul>
          </>
        )}
        <WayBack item={item} />
        {cut !== undefined && (
          <p class="quiet">
            {cut}: selfheal history {id} shows them.
          </p>
        )}
        {calls.length === 0 && changes.length === 0 && item.from !== 'journal' && (
          <p class="quiet">The message carries no plan: selfheal queue computes it from the live resource.</p>
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

function Calls({ item: { calls, from, state } }: { readonly item: Item }) {
  if (calls.length === 0) return null;
  const wasSent = from === 'journal' && !['planned', 'approval'].includes(state);
  return (
    <>
      <h3>
        {wasSent ? 'Calls sent' : 'Calls that would be sent'}{' '}
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

function Proof({ item: { from, state, endedAt, at, undoneAt, seconds, standing } }: { readonly item: Item }) {
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
    </>
  );
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

/** `ports.0: - {…}`: the sign by which a line is told to be gone or new. */
function Change({ change }: { readonly change: string }) {
  const [, where = '', sign = '', rest = change] = /^(.*?): ([-+]) (.*)$/s.exec(change) ?? [];
  if (sign) {
    return (
      <li class={sign === '+' ? 'added' : 'gone'}>
        <span aria-hidden="true">{sign === '+' ? '+' : '−'}</span>
        <span class="hidden">{sign === '+' ? 'new: ' : 'gone: '}</span>
        <span>
          {where}: {rest}
        </span>
      </li>
    );
  }
  return (
    <li>
      <span aria-hidden="true">±</span>
      <span>{change}</span>
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
