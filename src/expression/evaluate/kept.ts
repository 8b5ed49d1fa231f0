/** What is made once for each key, and forgotten when there are many: patterns may come from data. */
export class Kept<T> {
  readonly #made = new Map<string, T>();
  readonly #most: number;

  constructor(most = 256) {
    this.#most = most;
  }

  get(key: string, make: (key: string) => T): T {
    let value = this.#made.get(key);
    if (value === undefined) {
      if (this.#made.size >= this.#most) this.#made.clear();
      this.#made.set(key, (value = make(key)));
    }
    return value;
  }
}
