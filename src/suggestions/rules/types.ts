import { checkedName } from '../column-name.js';
import { suggest } from '../make.js';
import type { ConstraintRule } from '../suggestion.js';

/** Texts that look like numbers or booleans shall do so. */
export function RetainTypeRule(): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'RetainTypeRule()',
    ruleDescription: 'The texts of the sample all look like one type, so other texts should, too',
    shouldBeApplied: ({ isDataTypeInferred, dataType }) =>
      isDataTypeInferred && (dataType === 'Integral' || dataType === 'Fractional' || dataType === 'Boolean'),
    candidate(profile) {
      const { column, dataType, typeCounts } = profile;
      const type = dataType as 'Integral' | 'Fractional' | 'Boolean';
      // Whole numbers among others: not all of them look fractional.
      const mixed = type === 'Fractional' && (typeCounts.get('Integral') ?? 0) > 0;
      return suggest({
        rule,
        columnName: column,
        currentValue: `DataType: ${type}`,
        description: `'${column}' has type ${type}`,
        check: (c) => c.hasDataType(checkedName(profile), mixed ? 'Numeric' : type),
        deequ: (c) => c.hasDataType(checkedName(profile), type),
        scala: `.hasDataType("${column}", ConstrainableDataTypes.${type})`,
      });
    },
  };
  return Object.freeze(rule);
}
