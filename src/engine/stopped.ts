/** Thrown where a run that was aborted, or has failed elsewhere, comes to its end: what was being computed did not fail. */
export class Stopped extends Error {}
