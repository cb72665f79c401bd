/**
 * List prices of AWS in eu-west-1 (Europe, Ireland) in US dollars, without free tiers and taxes. They are AWS's published
 * prices as known on the date below; check them against the pages named before you budget by them.
 */
export const PRICES = {
  asOf: '2026-11-30',
  region: 'eu-west-1',
  /** https://aws.amazon.com/lambda/pricing/ */
  lambda: { request: 0.2e-6, gbSecondArm: 13.3334e-6, gbSecondX86: 16.6667e-6 },
  /** Per request of up to 64 KB. https://aws.amazon.com/sqs/pricing/ */
  sqs: { standard: 0.4e-6, fifo: 0.5e-6 },
  /** Per publish of up to 64 KB; deliveries to SQS and Lambda cost nothing. https://aws.amazon.com/sns/pricing/ */
  sns: { publish: 0.5e-6 },
  /** Per request unit, on demand. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodb: { write: 0.705e-6, read: 0.141e-6 },
  /** A key for a month, and a request. https://aws.amazon.com/kms/pricing/ */
  kms: { keyMonth: 1, request: 3e-6 },
  /** https://aws.amazon.com/config/pricing/ */
  config: { evaluation: 0.001, item: 0.003 },
  /** Logs by GB taken in; the others by month. https://aws.amazon.com/cloudwatch/pricing/ */
  cloudwatch: { logGb: 0.57, alarm: 0.1, metric: 0.3, dashboard: 3 },
  /** A trace that is recorded. https://aws.amazon.com/xray/pricing/ */
  xray: { trace: 5e-6 },
} as const;

/**
 * What AWS publishes for Automated Security Response on AWS: dollars a month by remediations a month. The guide's page is
 * https://docs.aws.amazon.com/solutions/latest/automated-security-response-on-aws/cost.html; the figures were read on
 * 2026-11-30 where they are quoted from it,
 * https://aws-gcr-wwso-security.gitbook.io/an-quan-zui-jia-shi-jian/an-quan-chan-pin-cheng-ben-gu-suan/an-quan-he-gui-chi-xu-jian-ce-he-zi-dong-xiu-fu-fei-yong.
 */
export const ASR_MONTHS = [
  { remediations: 300, dollars: 3.33 },
  { remediations: 3_000, dollars: 26.83 },
  { remediations: 30_000, dollars: 261.9 },
] as const;

/** Hours of a month, as AWS reckons. */
export const HOURS_A_MONTH = 730;
