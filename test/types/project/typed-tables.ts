import { Check, VerificationSuite, atLeast, type ColumnOf, type ColumnsOf } from 'assay';
import { holds, type Same } from './same.js';

// The shape of Arrow's Table<{…}> and of its types, as far as it is looked at.
interface Typed<Y extends number> { readonly TType: Y }
enum Type { Int64 = -5, Float64 = -12, Utf8 = 5, Bool = 6, Timestamp = 10, List = 12, Dictionary = -1 }
type Int64 = Typed<Type.Int64>;
type Float64 = Typed<Type.Float64>;
type Utf8 = Typed<Type.Utf8>;
interface Dictionary<V> extends Typed<Type.Dictionary> { readonly dictionary: V }
interface Table<T> { readonly TType: { readonly dataTypes: T }; readonly numRows: number }

type Sales = {
  id: Int64; price: Float64; shop: Utf8; paid: Typed<Type.Bool>; at: Typed<Type.Timestamp>; tags: Typed<Type.List>;
  product: Dictionary<Utf8>; 'unit price': Float64;
};
declare const sales: Table<Sales>;

const suite = VerificationSuite().onData(sales);
suite.check('Error', 'what there is and fits', (c) => c
  .isComplete('id').isUnique('product').isPrimaryKey(['id', 'shop']).where('id > 1')
  .hasMin('price', atLeast(0)).hasMax('unit price', atLeast(0)).hasMean('`unit price`', atLeast(0)).where(null)
  .hasMinLength('shop', atLeast(1)).hasMaxLength('product', atLeast(1)).containsEmail('shop')
  .hasCorrelation('id', 'price', atLeast(0)).isLessThan('id', 'price').isNonNegative('shop')
  .isContainedIn('paid', [true]).isContainedIn('price', { lower: 0, upper: 1 }).hasApproxCountDistinct('tags', atLeast(1))
  .hasHistogramValues('at', () => true).kllSketchSatisfies('id', () => true).hasColumn('nope').hasSize(atLeast(1))
  .and((d) => d.isComplete('at').isComplete('paid')).not((d) => d.isUnique('shop'))
  .forColumns(['id', 'price'], (d, name) => d.hasMin(name, atLeast(0)))
  .forColumns(/^unit/, (d, name) => d.isComplete(name)));

suite.check('Error', 'what is not there', (c) => {
  // @ts-expect-error -- no such column
  c.isComplete('nope');
  // @ts-expect-error -- no such column
  c.areComplete(['id', 'nope']);
  // @ts-expect-error -- no such column
  c.hasCorrelation('id', 'nope', atLeast(0));
  // @ts-expect-error -- no such column after a filter either
  c.isComplete('id').where('id > 1').isUnique('nope');
  // @ts-expect-error -- nor inside a combination
  c.or((d) => d.isComplete('nope'));
  // @ts-expect-error -- nor in a list of columns
  c.forColumns(['nope'], (d) => d);
  return c;
});

suite.check('Error', 'what does not fit', (c) => {
  // @ts-expect-error -- a text has no minimum
  c.hasMin('shop', atLeast(1));
  // @ts-expect-error -- a boolean has no mean
  c.hasMean('paid', atLeast(1));
  // @ts-expect-error -- a number has no length
  c.hasMinLength('price', atLeast(1));
  // @ts-expect-error -- nor a pattern
  c.hasPattern('id', 'x');
  // @ts-expect-error -- a list is not compared
  c.isUnique('tags');
  // @ts-expect-error -- a dictionary of texts holds texts
  c.hasSum('product', atLeast(1));
  // @ts-expect-error -- a moment is no number
  c.hasStandardDeviation('at', atLeast(1));
  // @ts-expect-error -- not all of these are numbers
  c.forColumns(['id', 'shop'], (d, name) => d.hasMin(name, atLeast(0)));
  return c;
});

// Rows tell their columns too.
VerificationSuite().onData([{ id: 1, name: 'a', at: new Date() }, { id: 2n, name: null, at: null }])
  .check('Error', 'rows', (c) => c.hasMin('id', atLeast(1)).hasMinLength('name', atLeast(1)).isComplete('at'));
// @ts-expect-error -- no such column
VerificationSuite().onData([{ id: 1 }]).check('Error', 'rows', (c) => c.isComplete('name'));
// @ts-expect-error -- a text has no minimum
VerificationSuite().onData([{ name: 'a' }]).check('Error', 'rows', (c) => c.hasMin('name', atLeast(1)));

// What is not known accepts any name.
declare const unknownData: unknown;
declare const anyTable: Table<any>;
declare const records: Record<string, unknown>[];
declare const objects: object[];
for (const data of [unknownData, anyTable, records, objects] as const) {
  VerificationSuite().onData(data).check('Error', 'any', (c) => c.isComplete('x').hasMin('y', atLeast(1)));
}
VerificationSuite().onData(anyTable).check('Error', 'any', (c) => c.isComplete('x').hasMin('y', atLeast(1)));
VerificationSuite().onData(records).check('Error', 'any', (c) => c.isComplete('x').hasMin('y', atLeast(1)));
VerificationSuite().onData(objects).check('Error', 'any', (c) => c.isComplete('x'));
// A check that was made for any table is added to a typed one.
suite.addCheck(Check('Error', 'any').isComplete('anything'));

type Columns = ColumnsOf<Table<{ n: Int64; t: Utf8 }>>;
holds<Same<Columns, { readonly n: 'numeric'; readonly t: 'string' }>>();
holds<Same<ColumnOf<Columns, 'numeric'>, 'n' | '`n`'>>();
holds<Same<ColumnOf<ColumnsOf<unknown>>, string>>();
