/** What the command ends with: the verdict is in it. */
export const EXIT = Object.freeze({ passed: 0, failed: 1, misuse: 2 } as const);
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
