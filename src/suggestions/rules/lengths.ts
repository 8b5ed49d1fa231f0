import { atLeast, atMost } from '../../base/comparators.js';
import { javaDouble } from '../../base/number-text.js';
import type { StringColumnProfile } from '../../profiles/profile.js';
import { checkedName } from '../column-name.js';
import { suggest } from '../make.js';
import type { ConstraintRule } from '../suggestion.js';

/** Texts shall not be shorter than the shortest. */
export function HasMinLength(): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'HasMinLength()',
    ruleDescription: 'The column holds texts, so none should be shorter than the shortest of the sample',
    shouldBeApplied: (profile) => profile.kind === 'string' && profile.minLength !== null,
    candidate(profile) {
      const { column, minLength, text } = profile as StringColumnProfile;
      const least = javaDouble(minLength!);
      return suggest({
        rule,
        columnName: column,
        currentValue: `MinLength: ${least}`,
        description: `The length of '${column}' >= ${least}`,
        // Deequ counts nulls as texts of length 0; its constraint, as ours, leaves them out.
        check: (c) => c.hasMinLength(checkedName(profile), atLeast(text?.minLength ?? minLength!)),
        deequ: (c) => c.hasMinLength(checkedName(profile), atLeast(minLength!)),
        scala: `.hasMinLength("${column}", _ >= ${least})`,
      });
    },
  };
  return Object.freeze(rule);
}

/** Texts shall not be longer than the longest. */
export function HasMaxLength(): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'HasMaxLength()',
    ruleDescription: 'The column holds texts, so none should be longer than the longest of the sample',
    shouldBeApplied: (profile) => profile.kind === 'string' && profile.maxLength !== null,
    candidate(profile) {
      const { column, maxLength } = profile as StringColumnProfile;
      const most = javaDouble(maxLength!);
      return suggest({
        rule,
        columnName: column,
        currentValue: `MaxLength: ${most}`,
        description: `The length of '${column}' <= ${most}`,
        check: (c) => c.hasMaxLength(checkedName(profile), atMost(maxLength!)),
        scala: `.hasMaxLength("${column}", _ <= ${most})`,
      });
    },
  };
  return Object.freeze(rule);
}
