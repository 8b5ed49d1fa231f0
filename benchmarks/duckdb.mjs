/** An in-memory DuckDB with that many threads. */
export async function connect(threads) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  return {
    run: async (statement) => (await connection.runAndReadAll(statement)).getRows(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
