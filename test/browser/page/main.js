import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { csv, ndjson } from 'assay/csv';
import { parquet } from 'assay/parquet';
import { answers, columns, rows, text } from './questions.js';

const utf8 = new TextEncoder();
const table = () => tableFromArrays(columns());
const fetched = async (path) => (await fetch(path)).blob();
const gzipped = () => new Response(new Blob([text()]).stream().pipeThrough(new CompressionStream('gzip'))).blob();

/** Each way to hand the table over. */
const data = {
  'Arrow table': table,
  'Arrow batches': () => table().batches,
  'Arrow IPC bytes': () => tableToIPC(table()),
  'row objects': rows,
  'Parquet Blob': async () => parquet(await fetched('orders.parquet')),
  'Parquet bytes': async () => parquet(new Uint8Array(await (await fetched('orders.parquet')).arrayBuffer())),
  'Parquet URL': () => parquet(new URL('orders.parquet', location.href)),
  'CSV Blob': () => csv(new Blob([text()])),
  'CSV bytes': () => csv(utf8.encode(text())),
  'CSV stream': () => csv(new Blob([text()]).stream()),
  'CSV gzip': async () => csv(await gzipped()),
  'CSV URL': () => csv(new URL('orders.csv', location.href)),
  'NDJSON Blob': () => ndjson(new Blob([rows().map((row) => JSON.stringify(row)).join('\n')])),
};

globalThis.run = async (name) => answers(await data[name]());
globalThis.names = Object.keys(data);
/** What a page cannot do is refused with a reason. */
globalThis.refused = async () => {
  try {
    await answers(parquet('orders.parquet'));
    return 'nothing was refused';
  } catch (error) {
    return `${error.code}: ${error.message}`;
  }
};
