export type { Thread, ThreadPort } from './threads.js';
export { canStart, cores, hasTemporaryFiles, pause, sharedBuffer, startThread, threadPort } from './threads-node.js';
export type { OpenedFile, Packing } from './files.js';
export {
  canUnpack, filesBelow, filesMatching, gunzip, isUtf8, kindOfPath, openFile, packageFile, streamFile, unpack,
} from './files-node.js';
export type { TemporaryFile } from './spill.js';
export { openSpillFile, readFileRange } from './spill-node.js';
export type { StoredFile, WriteCondition } from './disk.js';
export { listFiles, readStored, removeFile, statFile, writeStored } from './disk-node.js';
export type { OutputFile } from './output.js';
export { openOutput, publish } from './output-node.js';
