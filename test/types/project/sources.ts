import { csv as browserCsv } from 'assay/csv';
import { csv, ndjson, parquet } from 'assay/node';
import { parquet as browserParquet } from 'assay/parquet';
import type { Source } from 'assay';
import { holds, type Same } from './same.js';

holds<Same<ReturnType<typeof csv>, Source>>();
holds<Same<typeof csv, typeof browserCsv>>();
holds<Same<typeof parquet, typeof browserParquet>>();
csv('a.csv', { header: false, delimiter: ';', quote: null, nulls: ['', 'NA'], schema: 'id bigint, price decimal(10,2)', mode: 'null' });
parquet(['a.parquet', 'b.parquet']);
parquet(new Blob([]));
ndjson(new Uint8Array());
// @ts-expect-error -- a typing error in an option
csv('a.csv', { delimeter: ';' });
// @ts-expect-error -- one of two words
csv('a.csv', { mode: 'skip' });
// @ts-expect-error -- a number is no input
parquet(1);
