/** A worker thread as the thread that started it sees it. */
export interface Thread {
  /** Sends a message; the buffers in `transfer` move to the thread. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Called with each message. */
  onMessage: ((message: unknown) => void) | null;
  /** Called once when the thread is gone, with what killed it if that is known. */
  onExit: ((cause: Error | null, code: number) => void) | null;
  /** Whether the thread keeps the process alive. */
  hold(held: boolean): void;
  /** Ends the thread, whatever it is doing. */
  stop(): Promise<void>;
}

/** The other end: how a worker thread talks to the thread that started it. */
export interface ThreadPort {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
}
