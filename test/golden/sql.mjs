/** DuckDB over the data sets of the golden cases: the reference by which deliberate differences are recomputed. */
export async function openReference(fileOf) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const known = new Set();
  return {
    /** The rows of a query over data sets, each under its own name, as objects. */
    async rows(datasets, query) {
      for (const name of datasets) {
        if (known.has(name)) continue;
        const file = fileOf(name).replaceAll("'", "''");
        await connection.run(`CREATE VIEW "${name}" AS SELECT * FROM read_parquet('${file}')`);
        known.add(name);
      }
      return (await connection.runAndReadAll(query)).getRowObjectsJS();
    },
  };
}

/** A column of a golden case in DuckDB's quotes. */
export function quoted(column) {
  const name = column.length >= 2 && column.startsWith('`') && column.endsWith('`') ? column.slice(1, -1) : column;
  return `"${name.replaceAll('"', '""')}"`;
}

/** The filter of a golden case as a WHERE clause of DuckDB. */
export function filterOf(where) {
  return where === undefined ? 'TRUE' : where.replace(/`([^`]*)`/g, (_, name) => quoted(name));
}
