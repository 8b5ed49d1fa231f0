/** Whether two types are one. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Holds a type to be true. */
export function holds<_T extends true>(): void {}
