import {
  ApproxCountDistinct, Check, CheckLevel, Compliance, Histogram, Mean, Size, VerificationSuite, above, atLeast, between, equals,
} from 'assay';

/** What is asked of the same table in Node and in browsers, and the answers as JSON. */
export async function answers(data) {
  const check = Check(CheckLevel.Error, 'Orders')
    .hasSize(equals(3000))
    .isUnique('id')
    .hasMin('price', atLeast(0.25))
    .satisfies('price * 2 >= id % 10 AND upper(shop) IN (\'NORTH\', \'SOUTH\')', 'price and shop', atLeast(0.5))
    .hasPattern('note', '^[a-z&&[^q]]++-\\d{2,}$', atLeast(0.6))
    .hasApproxCountDistinct('note', between(1200, 1900))
    .isComplete('note').where("shop = 'north'")
    .hasMax('missing', above(0));
  const result = await VerificationSuite()
    .onData(data)
    .addCheck(check)
    .addRequiredAnalyzers([Size(), Mean('price'), ApproxCountDistinct('id'), Histogram('shop'), Compliance('odd', 'id % 2 = 1')])
    .run();
  return { status: result.status, rows: result.checkResults(), metrics: result.successMetrics(), text: String(result) };
}

/** The columns of the table. */
export function columns(rows = 3000) {
  const at = Array.from({ length: rows }, (_, i) => i);
  return {
    id: Int32Array.from(at),
    price: Float64Array.from(at, (i) => 0.25 + (i % 40) / 4),
    shop: at.map((i) => (i % 3 === 0 ? 'south' : 'north')),
    note: at.map((i) => (i % 9 === 0 ? null : i % 7 === 0 ? `ü€😀 ${i % 300}` : `order-${10 + (i % 1500)}`)),
  };
}

/** The table as CSV. */
export function text() {
  const { id, price, shop, note } = columns();
  return `id,price,shop,note\n${[...id].map((i) => `${i},${price[i]},${shop[i]},${note[i] ?? ''}`).join('\n')}\n`;
}

/** The table as row objects, whose types are inferred. */
export function rows() {
  const { id, price, shop, note } = columns();
  return Array.from(id, (_, i) => ({ id: id[i], price: price[i], shop: shop[i], note: note[i] }));
}
