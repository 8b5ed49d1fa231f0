/** One number among the success metrics of a run. */
export interface SuccessMetric {
  readonly entity: string;
  readonly instance: string;
  /** With ` (where: …)` behind it if the analyzer had a filter. */
  readonly name: string;
  readonly value: number;
}
