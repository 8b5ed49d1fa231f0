import { bag } from './bag.js';
import { bins } from './bins.js';
import { classes } from './classes.js';
import { comoments } from './comoments.js';
import type { StateSpec } from './contract.js';
import { extrema } from './extrema.js';
import { frequent } from './frequent.js';
import { gk } from './gk.js';
import { groups } from './groups.js';
import { hll } from './hll.js';
import { kll } from './kll.js';
import { matches } from './matches.js';
import { moments } from './moments.js';
import { sums } from './sums.js';
import { texts } from './texts.js';
import { values } from './values.js';

const specs: readonly StateSpec[] = [
  matches, extrema, sums, moments, comoments, hll, gk, kll, classes, bins, frequent, texts, groups, bag, values,
];

/** Every state by its name: what workers compute and the codec reads. */
export const stateSpecs: ReadonlyMap<string, StateSpec> = new Map(specs.map((spec) => [spec.name, spec]));
