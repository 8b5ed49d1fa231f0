export { analyzerContext, type AnalyzerContext } from '../repository/analyzer-context.js';
