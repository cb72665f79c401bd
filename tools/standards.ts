/** The standards that coverage is counted by and claims are held to, from the lists in tools/standards. */
import asr from './standards/asr.json';
import canonical from './standards/canonical.json';
import cis30 from './standards/cis-3.0.json';
import cis50 from './standards/cis-5.0.json';
import cis60 from './standards/cis-6.0.json';
import cis70 from './standards/cis-7.0.json';
import cloudbots from './standards/cloudbots.json';
import config from './standards/config.json';
import conformity from './standards/conformity.json';
import fsbpProwler from './standards/fsbp-prowler.json';
import fsbp from './standards/fsbp.json';
import prowler from './standards/prowler.json';
import securityHub from './standards/security-hub.json';
import unanswered from './standards/unanswered.json';

/** A list of ids, with where it is from and as of when. */
export interface Standard {
  readonly title: string;
  readonly source: string;
  /** ISO date, or the month, of the source. */
  readonly date: string;
  readonly controls: readonly string[];
}

/** AWS Foundational Security Best Practices, by AWS's own page and as Prowler lists it. */
export const FSBP: Standard = fsbp;
/** See {@link FSBP}. */
export const FSBP_PROWLER: Standard = fsbpProwler;
/** The controls that AWS's Automated Security Response remediates. */
export const ASR: Standard = asr;
/** The rules that Conformity's auto-remediation knows. */
export const CONFORMITY: Standard = conformity;
/** CloudBots' bots, by name. */
export const CLOUDBOTS: Standard = cloudbots;

/** A version of the CIS AWS Foundations Benchmark. */
export type CisVersion = '3.0' | '5.0' | '6.0' | '7.0';

/** The benchmarks; `automated` holds the recommendations that CIS itself calls so. */
export const CIS: Readonly<Record<CisVersion, Standard & { readonly automated: readonly string[] }>> = {
  '3.0': benchmark(cis30),
  '5.0': benchmark(cis50),
  '6.0': benchmark(cis60),
  '7.0': benchmark(cis70),
};

/** Remediations that the tools which came before have between them, and the bots that do each. */
export const CANONICAL: Readonly<
  Record<string, { readonly what: string; readonly bots: readonly string[] }>
> = canonical.controls;

/** By control of Security Hub, the ASFF types of what its findings name; `AwsAccount` where an account is judged. */
export const SECURITY_HUB: Readonly<Record<string, string | readonly string[]>> = securityHub.controls;
/** By managed Config rule, the types that it evaluates; none: the account. */
export const CONFIG: Readonly<
  Record<string, { readonly types: readonly string[]; readonly periodic: boolean }>
> = config.controls;
/** By check of Prowler, the type of what it reports; `Other` where ASFF has none. */
export const PROWLER: Readonly<Record<string, string>> = prowler.controls;

/** Why no bot answers a control, by kind of reason; recommendations of CIS stand there as `CIS 3.0 1.1`. */
export const UNANSWERED: readonly { readonly text: string; readonly controls: readonly string[] }[] =
  Object.values(unanswered.reasons);

function benchmark(list: {
  readonly title: string;
  readonly source: string;
  readonly date: string;
  readonly controls: Readonly<Record<string, string>>;
}) {
  const { controls, ...about } = list;
  const ids = Object.keys(controls);
  return { ...about, controls: ids, automated: ids.filter((id) => controls[id] === 'automated') };
}
