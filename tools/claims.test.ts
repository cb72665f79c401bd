import { catalogue } from '../functions/remediators/catalogue';
import { CIS, CONFIG, CONFORMITY, FSBP, FSBP_PROWLER, PROWLER, SECURITY_HUB, UNANSWERED } from './standards';

/** The ids that exist, by standard. */
const known = {
  securityHub: new Set(Object.keys(SECURITY_HUB)),
  config: new Set(Object.keys(CONFIG)),
  prowler: new Set(Object.keys(PROWLER)),
  conformity: new Set(CONFORMITY.controls),
};

describe.each(catalogue.map(({ id, controls }) => [id, controls] as const))('%s', (_id, controls) => {
  test.each(Object.entries(known))('claims only what %s has', (standard, ids) => {
    const claimed = controls[standard as keyof typeof known] ?? [];
    expect(claimed.filter((control) => !ids.has(control))).toEqual([]);
  });

  test('claims only what its version of CIS has', () => {
    for (const [version, ids = []] of Object.entries(controls.cis ?? {})) {
      expect(CIS[version as keyof typeof CIS].controls).toEqual(expect.arrayContaining([...ids]));
    }
  });

  test('what it answers in part it claims', () => {
    const claimed = [
      ...(controls.securityHub ?? []),
      ...(controls.config ?? []),
      ...(controls.prowler ?? []),
      ...(controls.conformity ?? []),
      ...(controls.cis?.['3.0'] ?? []).map((id) => `CIS ${id}`),
    ];
    expect(claimed).toEqual(expect.arrayContaining(Object.keys(controls.partly ?? {})));
  });
});

test('what coverage is counted by has no id twice', () => {
  for (const { controls } of [FSBP, FSBP_PROWLER, CONFORMITY, ...Object.values(CIS)]) {
    expect(controls).toEqual([...new Set(controls)]);
  }
});

test('why no bot answers a control is said of what exists, once, and only where none does', () => {
  const reasons = UNANSWERED.flatMap(({ controls }) => controls);
  expect(reasons).toEqual([...new Set(reasons)]);
  const cis = Object.entries(CIS).flatMap(([version, { controls }]) =>
    controls.map((control) => `CIS ${version} ${control}`),
  );
  const exist = new Set([...cis, ...FSBP.controls, ...FSBP_PROWLER.controls]);
  expect(reasons.filter((control) => !exist.has(control))).toEqual([]);
  const claimed = catalogue.flatMap(({ controls }) => [
    ...(controls.securityHub ?? []),
    ...Object.entries(controls.cis ?? {}).flatMap(([version, ids = []]) =>
      ids.map((control) => `CIS ${version} ${control}`),
    ),
  ]);
  expect(reasons.filter((control) => claimed.includes(control))).toEqual([]);
});
