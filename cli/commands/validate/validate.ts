import { basename } from 'node:path';
import { configFaults } from '../../../deploy/check-config';
import { configWarnings } from '../../../deploy/config-warnings';
import type { ConfigFault } from '../../../deploy/config-words';
import { lineOf } from '../../config-lines';
import { EXIT } from '../../terminal/exit-codes';
import { type Printable, joined, printable, text } from '../../terminal/print';
import { type Result, type Session, exportedConfig } from '../../session';
import { wrapped } from '../../terminal/table';
import { prospectOf, prospectText } from './prospect';

/** A fault or a warning, and the line of the file that it is about. */
interface Placed extends ConfigFault {
  readonly line?: number;
}

/** `selfheal validate`: what is wrong with config.ts, and what it would deploy. Asks AWS nothing. */
export async function validate(session: Session): Promise<Result> {
  const { say, note, paint, io } = session;
  const [config, file] = await Promise.all([
    exportedConfig({ config: session.localConfigAsIs }),
    session.configFile(),
  ]);
  const catalogue = await session.catalogue();
  const name = basename(file.path);
  const placed = (fault: ConfigFault): Placed => {
    const line = lineOf(file.text, fault.at);
    return { ...fault, ...(line !== undefined && { line }) };
  };
  const faults = configFaults(config, catalogue).map(placed);
  const warnings = faults.length > 0 ? [] : configWarnings(config, catalogue).map(placed);
  if (faults.length > 0) {
    say(
      joined(
        faults.flatMap((fault) => lines(fault, paint.red(text`wrong`))),
        '\n',
      ),
    );
    say(text`\n${paint.red(text`${printable(name)} cannot be deployed.`)}`);
    return { exit: EXIT.usage, document: { file: file.path, valid: false, faults, warnings } };
  }
  for (const warning of warnings) {
    for (const line of lines(warning, paint.yellow(text`warning`))) note(line);
  }
  const prospect = prospectOf(config, catalogue);
  say(prospectText(paint, io.columns, prospect));
  say(text`\n${paint.green(text`${printable(name)} is right.`)} npx selfheal deploy brings it to AWS.`);
  return { exit: EXIT.fine, document: { file: file.path, valid: true, faults, warnings, deploys: prospect } };

  function lines({ at, says, line }: Placed, word: Printable): Printable[] {
    const where = line === undefined ? printable(name) : text`${printable(name)}:${line}`;
    return wrapped(text`${paint.bold(where)} ${word} ${printable(at)}: ${printable(says)}`, io.columns);
  }
}
