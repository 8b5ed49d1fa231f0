import { fitTables } from './fit-tables.js';

/** Where the command reads and writes, so that tests can stand in for a terminal. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that paths are relative to. */
  readonly folder: string;
}

/** A stream for texts. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A text for an output: on a terminal, tables fit into its lines. */
export function shown(text: string, { isTTY, columns }: Output): string {
  return isTTY && columns ? fitTables(text, columns) : text;
}

/** Whether an output shows colours: `NO_COLOR` and `FORCE_COLOR` come before what the output is. */
export function hasColours(output: Output, env: Terminal['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return output.isTTY === true && env['TERM'] !== 'dumb';
}

const GREEN = 32;
const RED = 31;
const YELLOW = 33;
const GREY = 90;
const BOLD = 1;

const SHADES: readonly (readonly [RegExp, number])[] = [
  [/✓ passed/g, GREEN],
  [/✗ failed/g, RED],
  [/! error/g, RED],
  [/(?:∅ vacuous|- skipped|\? inconclusive)(?= )/g, YELLOW],
];

/** A printed verdict with its outcomes in colours and its frames in the background. */
export function coloured(text: string, wanted: boolean): string {
  if (!wanted) return text;
  let shown = text.replace(/^([┌├└][^\n]*[┐┤┘])$|│/gm, (frame) => paint(frame, GREY));
  for (const [pattern, colour] of SHADES) shown = shown.replace(pattern, (word) => paint(word, colour));
  return shown.replace(/^Verification: (\w+)/m, (line, status: string) =>
    line.replace(status, paint(paint(status, BOLD), status === 'Success' ? GREEN : status === 'Warning' ? YELLOW : RED)));
}

function paint(text: string, colour: number): string {
  return `\u001b[${colour}m${text}\u001b[0m`;
}
