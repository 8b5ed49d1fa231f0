import type { OutputFile } from '#platform';
import { openArrow } from '../../data/arrow-out.js';
import type { Field } from '../../data/types.js';
import { vectorOf } from '../../expression/evaluate/values.js';
import { columnOfVector } from '../../expression/vector-column.js';
import { openKernels } from '../../kernels/kernels.js';
import { loadParquet, type ParquetLibrary } from '../parquet/library.js';
import type { TableWriter, WrittenRows } from './writer.js';

/** Rows of a row group: the writer holds one, encoded. */
const GROUP_ROWS = 131_072;

/** Writes Parquet, Snappy-compressed, row group by row group. */
export async function parquetWriter(fields: readonly Field[], file: OutputFile): Promise<TableWriter<Uint8Array>> {
  const { api } = await loadParquet();
  const arrow = await openArrow();
  const { readable, writable } = new TransformStream();
  const batches = writable.getWriter();
  const properties = propertiesOf(api);
  const written = (async () => {
    const bytes = await api.transformParquetStream(readable, properties) as ReadableStream<Uint8Array>;
    const reader = bytes.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) await file.write(next.value);
  })();
  const failed = written.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  const take = ({ kernels, vectors, rows }: WrittenRows) => {
    const columns = vectors.map((v, i) => ({ name: fields[i]!.name, column: columnOfVector(kernels, v) }));
    return arrow.ipcStream(arrow.recordBatch(columns, rows));
  };
  const put = async (stream: Uint8Array) => {
    for (const batch of api.Table.fromIPCStream(stream).recordBatches()) {
      await Promise.race([batches.write(batch), failed]);
    }
  };
  const kernels = openKernels();
  await put(take({ kernels, vectors: fields.map(({ type }) => vectorOf(kernels, type, [])), rows: 0 })); // the schema
  kernels.scratch.reset();
  return {
    take,
    put,
    async end() {
      await Promise.race([batches.close(), failed]);
      await written;
    },
    async abort() {
      await batches.abort().catch(() => {});
      await written.catch(() => {});
    },
  };
}

function propertiesOf(api: ParquetLibrary['api']) {
  return new api.WriterPropertiesBuilder()
    .setCompression(api.Compression.SNAPPY)
    .setMaxRowGroupSize(GROUP_ROWS)
    .build();
}

/** The rows of an Arrow IPC stream as a Parquet file. */
export async function parquetOfIpc(stream: Uint8Array): Promise<Uint8Array> {
  const { api } = await loadParquet();
  return api.writeParquet(api.Table.fromIPCStream(stream), propertiesOf(api));
}
