/** What went wrong, as a stable code that programs may compare. */
export type ErrorCode =
  | 'INVALID_ARGUMENT' // misuse of an API: the message names the value and the remedy
  | 'DUPLICATE' // the same thing was given twice
  | 'UNKNOWN_COLUMN'
  | 'UNKNOWN_FUNCTION'
  | 'WRONG_TYPE'
  | 'SYNTAX' // text that does not parse: predicate, SQL, JSON
  | 'UNSUPPORTED' // meaningful, but not available here
  | 'SOURCE' // a file or stream that cannot be read: missing, truncated, malformed
  | 'STORAGE' // a file or object that cannot be written, listed or removed
  | 'CONFLICT' // somebody else wrote the same thing meanwhile
  | 'MEMORY_LIMIT'
  | 'WORKER' // a worker thread died
  | 'STATE' // states that cannot be read or merged
  | 'EVALUATION' // an expression failed on the data
  | 'VERIFICATION_FAILED' // `throwIfFailed` on a verdict that is not Success
  | 'INTERNAL';

/** The error that everything in Assay throws: a stable `code` and a message with value and remedy. */
export class AssayError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AssayError';
    this.code = code;
  }
}

/** Turns anything thrown into an AssayError, keeping the cause; an abort passes through unchanged. */
export function asAssayError(thrown: unknown, code: ErrorCode = 'INTERNAL', context = ''): AssayError {
  if (thrown instanceof AssayError && context === '') return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const kept = thrown instanceof AssayError ? thrown.code : code;
  return new AssayError(kept, context === '' ? text : `${context}: ${text}`, { cause: thrown });
}
