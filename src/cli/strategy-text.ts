import { AbsoluteChangeStrategy } from '../anomaly/absolute-change.js';
import { BatchNormalStrategy } from '../anomaly/batch-normal.js';
import { HoltWinters } from '../anomaly/holt-winters.js';
import { MedianDeviationStrategy } from '../anomaly/median-deviation.js';
import { OnlineNormalStrategy } from '../anomaly/online-normal.js';
import { RateOfChangeStrategy } from '../anomaly/rate-of-change.js';
import { RelativeRateOfChangeStrategy } from '../anomaly/relative-rate-of-change.js';
import { SeasonalTrendStrategy } from '../anomaly/seasonal-trend.js';
import { SimpleThresholdStrategy } from '../anomaly/simple-threshold.js';
import type { Strategy } from '../anomaly/strategy.js';
import { AssayError } from '../base/errors.js';
import { nearestName } from '../base/names.js';

const STRATEGIES: Readonly<Record<string, (params: never) => Strategy>> = {
  SimpleThreshold: SimpleThresholdStrategy,
  AbsoluteChange: AbsoluteChangeStrategy,
  RelativeRateOfChange: RelativeRateOfChangeStrategy,
  RateOfChange: RateOfChangeStrategy,
  BatchNormal: BatchNormalStrategy,
  OnlineNormal: OnlineNormalStrategy,
  HoltWinters,
  MedianDeviation: MedianDeviationStrategy,
  SeasonalTrend: SeasonalTrendStrategy,
};

/** The names of strategies, for help. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES);

/**
 * The strategy that a text such as `RelativeRateOfChange(maxRateIncrease=2)` names; `Strategy` at its end may be left
 * out.
 */
export function strategyOfText(text: string): Strategy {
  const [, written = '', list = ''] = /^\s*(\w+)\s*(?:\(([^()]*)\))?\s*$/.exec(text) ?? [];
  const name = STRATEGY_NAMES.find((n) => n.toLowerCase() === written.replace(/Strategy$/i, '').toLowerCase());
  if (!name) {
    const near = nearestName(written, STRATEGY_NAMES);
    throw new AssayError('INVALID_ARGUMENT', `unknown strategy '${text}'; ${near ? `did you mean '${near}'?` : `known: ${STRATEGY_NAMES.join(', ')}`}`);
  }
  const params = Object.fromEntries(list.split(',').filter((part) => part.trim() !== '').map((part) => {
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (key === undefined) throw new AssayError(
      'INVALID_ARGUMENT', `'${text}': parameters are written as name=value, not '${part.trim()}'`,
    );
    return [key, valueOf(value!)];
  }));
  return STRATEGIES[name]!(params as never);
}

function valueOf(text: string): number | boolean | string | null {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text.replace(/^(['"])(.*)\1$/, '$2');
}
