import { ruleSets } from './rule-sets.js';

/** Sets of rules, in the order in which they are asked. The first five are Deequ's. */
export const Rules = Object.freeze({
  /** Completeness, types of texts, categories, signs. */
  get DEFAULT() { return ruleSets().DEFAULT; },
  /** Lengths of texts. */
  get STRING() { return ruleSets().STRING; },
  /** Extremes, mean and standard deviation of numbers. */
  get NUMERICAL() { return ruleSets().NUMERICAL; },
  /** Uniqueness. */
  get COMMON() { return ruleSets().COMMON; },
  /** All of these. */
  get EXTENDED() { return ruleSets().EXTENDED; },
  /** First days, days to come, freshness. */
  get TIMES() { return ruleSets().TIMES; },
  /** Email addresses, URLs, UUIDs, codes, learned patterns. */
  get FORMATS() { return ruleSets().FORMATS; },
  /** Columns that decide others, and columns that refer to other tables. */
  get RELATIONS() { return ruleSets().RELATIONS; },
  /** Everything. */
  get ALL() { return ruleSets().ALL; },
});
