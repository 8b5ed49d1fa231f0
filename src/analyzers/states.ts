import { bag } from '../states/bag.js';
import { bins } from '../states/bins.js';
import { classes } from '../states/classes.js';
import { comoments } from '../states/comoments.js';
import { extrema } from '../states/extrema.js';
import { gk } from '../states/gk.js';
import { groups } from '../states/groups.js';
import { hll } from '../states/hll.js';
import { kll } from '../states/kll.js';
import { matches } from '../states/matches.js';
import { moments } from '../states/moments.js';
import { sums } from '../states/sums.js';
import { countOfCounts } from './count-of-counts.js';
import { countedNumbers } from './number-amounts.js';

/** What analyzers may ask for, and the folds by which they read tables; for analyzers of users. */
export const states = Object.freeze({
  matches, extrema, sums, moments, comoments, hll, gk, kll, classes, bins, groups, bag, countOfCounts, countedNumbers,
});
