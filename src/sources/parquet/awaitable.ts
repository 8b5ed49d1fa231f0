/** What is there at once as a rule, as bytes of local files are, and comes later otherwise, as those from afar do. */
export type Awaitable<T> = T | Promise<T>;

/** What follows from a value, at once where it is there: a turn of the event loop takes longer than a small page does. */
export function after<T, U>(value: Awaitable<T>, then: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(then) : then(value);
}
