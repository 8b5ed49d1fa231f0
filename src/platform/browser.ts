export type { Thread, ThreadPort } from './threads.js';
export { canStart, cores, hasTemporaryFiles, pause, sharedBuffer, startThread, threadPort } from './threads-browser.js';
export type { OpenedFile } from './files.js';
export { filesBelow, filesMatching, gunzip, isUtf8, kindOfPath, openFile, packageFile, streamFile } from './files-browser.js';
export type { TemporaryFile } from './spill.js';
export { openSpillFile, readFileRange } from './spill-browser.js';
export type { StoredFile, WriteCondition } from './disk.js';
export { listFiles, readStored, removeFile, statFile, writeStored } from './disk-browser.js';
