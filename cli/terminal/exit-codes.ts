/** How the command ends, for scripts. The same list stands in every help. */
export const EXIT = {
  /** Done, or nothing was to be done. */
  fine: 0,
  /** Something failed, could not be proven by a re-read, or is not there. */
  failed: 1,
  /** The command or its input is wrong; nothing was sent. */
  usage: 2,
  /** Refused: not confirmed, changed since, held, exempt, irreversible. */
  refused: 3,
  /** AWS could not be used: no credentials or region, unreachable, access denied, nothing installed there. */
  aws: 4,
  /** Ctrl-C; what was taken has been handed back. */
  interrupted: 130,
} as const;

/** See {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The list as it stands in the help. */
export const EXIT_HELP = `Exit codes:
  0    done, or nothing was to be done
  1    something failed, could not be proven by a re-read, or is not there
  2    the command or its input is wrong; nothing was sent
  3    refused: not confirmed, changed since, held, exempt or irreversible
  4    AWS could not be used: credentials, region, network, permission, or no installation there
  130  interrupted with Ctrl-C`;

const WORST_FIRST: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.usage,
  EXIT.aws,
  EXIT.failed,
  EXIT.refused,
  EXIT.fine,
];

/** The code that says most where several things were done; nothing done is fine. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.fine;
}
