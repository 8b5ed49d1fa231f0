export type { Thread, ThreadPort } from './threads.js';
export { canStart, cores, hasTemporaryFiles, pause, sharedBuffer, startThread, threadPort } from './threads-node.js';
export type { OpenedFile } from './files.js';
export { filesBelow, filesMatching, gunzip, isUtf8, kindOfPath, openFile, packageFile, streamFile } from './files-node.js';
export type { TemporaryFile } from './spill.js';
export { openSpillFile, readFileRange } from './spill-node.js';
export type { StoredFile, WriteCondition } from './disk.js';
export { listFiles, readStored, removeFile, statFile, writeStored } from './disk-node.js';
