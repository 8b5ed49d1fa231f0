export type { Thread, ThreadPort } from './threads.js';
export { canStart, cores, pause, sharedBuffer, startThread, threadPort } from './threads-browser.js';
