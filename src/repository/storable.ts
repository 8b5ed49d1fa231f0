import { AssayError } from '../base/errors.js';
import { DOUBLE, type DataType } from '../data/types.js';
import type { Request, StateSpec } from '../states/contract.js';
import { keyPartsOf } from '../states/table/key-parts.js';

/** What the groups of a table are keyed by, and whether something is added up. */
export function keyTypes(request: Request): { readonly types: readonly DataType[]; readonly measured: boolean } {
  if (request.state === 'bag') return { types: [DOUBLE], measured: false };
  if (request.state === 'groups') return keyPartsOf(request as never);
  throw new AssayError('UNSUPPORTED', `the state '${request.state}' lives as long as its run: it cannot be stored`);
}

/** Whether the states of a request can be stored: records, and tables of groups. */
export function isStorable(spec: StateSpec): boolean {
  return spec.kind === 'record' || spec.name === 'groups' || spec.name === 'bag';
}
