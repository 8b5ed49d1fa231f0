import { failure, success } from '../metrics/metric.js';
import { isAnalysis, isCombined, type AnalysisConstraint, type Constraint, type RunPlace } from './constraint.js';

/** Constraints with what they compare with loaded; what cannot be loaded is their error, and spoils no other. */
export async function withLoaded(constraints: readonly Constraint[], run: RunPlace): Promise<readonly Constraint[]> {
  if (!constraints.some(needsLoading)) return constraints;
  return Promise.all(constraints.map(async (c): Promise<Constraint> => {
    if (isAnalysis(c)) return loaded(c, run);
    return isCombined(c) ? Object.freeze({ ...c, of: await withLoaded(c.of, run) }) : c;
  }));
}

function needsLoading(c: Constraint): boolean {
  return isAnalysis(c) ? c.load !== undefined && c.skip === undefined : isCombined(c) && c.of.some(needsLoading);
}

async function loaded(constraint: AnalysisConstraint, run: RunPlace): Promise<AnalysisConstraint> {
  if (!needsLoading(constraint)) return constraint;
  try {
    return Object.freeze({ ...constraint, loaded: success(await constraint.load!(run)) });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return Object.freeze({ ...constraint, loaded: failure('LoadingException', message, thrown) });
  }
}
