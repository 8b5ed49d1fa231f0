import { AssayError } from '../base/errors.js';
import { lawOf, requestKey } from '../states/contract.js';
import { subtractTables } from '../states/saved-table.js';
import { byRequest, commonAnswers, stateKey } from './state-keys.js';
import { refuseResult, type StateSet, type StateValue } from './state-set.js';

/** What is done with states out of which nothing can be taken. */
export interface RetractOptions {
  /** Leaves them out of the result; otherwise they are an error. */
  readonly leaveOut?: boolean | undefined;
}

/**
 * The states of a table without one of its parts, where states form a group: counts, exact sums, classes, bins and
 * groupings. Throws STATE for others (extrema, sketches, sums of floating point), naming them, unless they are to be
 * left out; and for a part that was never in the whole.
 */
export function retractStates(whole: StateSet, part: StateSet, { leaveOut = false }: RetractOptions = {}): StateSet {
  const states = new Map<string, StateValue>();
  const parts = byRequest(part.states.values());
  for (const value of whole.states.values()) {
    const other = parts.get(requestKey(value.request))?.find((p) => commonAnswers(value, p) !== null);
    const left = other && without(value, other);
    if (left) states.set(stateKey(left), left);
    else if (!leaveOut) {
      const why = other ? 'what went into it cannot be taken out again' : 'the part has none';
      throw new AssayError('STATE', `state '${value.spec.name}' cannot be retracted: ${why}`);
    }
  }
  const rows = whole.rows === null || part.rows === null ? null : whole.rows - part.rows;
  if (rows !== null && rows < 0) throw new AssayError('STATE', 'what is to be removed has more rows than the whole');
  return Object.freeze<StateSet>({ ...whole, rows, states });
}

function without(whole: StateValue, part: StateValue): StateValue | null {
  refuseResult(whole, 'retracted from');
  refuseResult(part, 'retracted');
  if (whole.kind === 'table') {
    if (part.kind !== 'table') return null;
    const answers = commonAnswers(whole, part);
    return { ...whole, table: subtractTables(whole.table, part.table), ...(answers && { answers }) };
  }
  const { spec, request } = whole;
  // a record that knows less, out of a file of Deequ, does not tell of how many values it is
  if (whole.answers || part.answers) return null;
  if (part.kind === 'table' || !spec.subtract || lawOf(spec, request) !== 'exact') return null;
  return { ...whole, state: spec.subtract(whole.state, part.state, request) };
}
