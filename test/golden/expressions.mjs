import { difference, nearNumber, show } from './values.mjs';

/**
 * Why a case of expressions.json does not hold, null where it does: the type and the values that Spark gave, or a
 * refusal where Spark refused. `expression`: the function of the package; `source`: the table of the cases.
 */
export async function expressionDifference(golden, expression, source) {
  if (!golden.values) return refusal(golden, expression, source);
  let type;
  let values;
  try {
    const e = expression(golden.expression);
    ({ type } = e.check(await schemaOf(source)));
    values = (await e.evaluate(source, { timeZone: 'UTC' })).map((value) => goldenValue(type, value));
  } catch (error) {
    return `threw ${error.stack ?? error}`;
  }
  if (type !== golden.type) return `expected the type ${golden.type}, got ${type}`;
  const wanted = type.startsWith('decimal') ? golden.values.map(decimalText) : golden.values;
  return difference(wanted, values, type === 'double' || type === 'float' ? nearly : undefined);
}

/** What Spark refuses must be refused on the schema, before any data is read. */
async function refusal(golden, expression, source) {
  const schema = await schemaOf(source);
  try {
    expression(golden.expression).check(schema);
  } catch (error) {
    return error?.name === 'AssayError' ? null : `threw ${error.stack ?? error}`;
  }
  return `was accepted, but should fail: ${show(golden.error ?? golden.unsupported)}`;
}

const schemas = new WeakMap();

async function schemaOf(source) {
  if (!schemas.has(source)) {
    const open = await source.open();
    schemas.set(source, open.schema);
    await open.close();
  }
  return schemas.get(source);
}

/** Functions of floating point come from the mathematical library of each platform. */
const nearly = (a, b, path) => Object.is(a, b) || (a !== 0 && nearNumber(a, b, path, 1e-14, 0));

/** A value of the package as the file writes it. */
function goldenValue(type, value) {
  if (value === null) return null;
  if (type === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (type.startsWith('decimal')) return decimalText(value);
  if (type === 'timestamp') {
    const [whole, fraction = ''] = value.split('.');
    return `${whole}.${fraction.padEnd(6, '0')}`;
  }
  if (type === 'float' || type === 'double') return Object.is(value, -0) ? '-0.0' : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}

/** A decimal without an exponent and without zeros at its end: the file writes them in the way of Java's `toString`. */
function decimalText(value) {
  if (value === null) return null;
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:E(-?\d+))?$/.exec(String(value));
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point > 0 ? digits : '0'.repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const [before, behind] = [padded.slice(0, at), padded.slice(at).replace(/0+$/, '')];
  const size = `${before.replace(/^0+(?=\d)/, '')}${behind === '' ? '' : `.${behind}`}`;
  return size === '0' ? size : sign + size;
}
