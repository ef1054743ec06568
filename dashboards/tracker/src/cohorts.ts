/**
 * Served as `/hc.cohorts.js`, loaded by the tracker for `data-cohorts` only. Nothing else of Headcount stores on a device.
 * What it exports is added to page views as it is.
 */
import { cohortOf, type Cohort } from './cohort.ts';

/**
 * A field of the tracker's page views, worked out at the moment one is sent: a visitor who opted out, or a page that is
 * never shown, stores nothing. Where nothing can be stored there is no field.
 */
export const cohort = {
  toJSON(): Cohort | undefined {
    try {
      return cohortOf(Date.now());
    } catch {
      return undefined;
    }
  },
};
