/** The web vitals report. */
import { counted } from '../plural.ts';

const vitals = {
  title: 'Web vitals',
  names: {
    LCP: 'Largest Contentful Paint',
    INP: 'Interaction to Next Paint',
    CLS: 'Cumulative Layout Shift',
    FCP: 'First Contentful Paint',
    TTFB: 'Time to First Byte',
  },
  meanings: {
    LCP: 'How long until the largest part of the page was there.',
    INP: 'How long the page took to answer what people did.',
    CLS: 'How far things moved while people looked.',
    FCP: 'How long until anything was there.',
    TTFB: 'How long until the server’s answer began.',
  },
  ratings: { good: 'Good', fair: 'Needs improvement', poor: 'Poor' },
  percentile: '75 % of page views are not above this',
  of: (good: string, poor: string) => `Good up to ${good}, poor above ${poor}`,
  samples: (n: number) => counted(n, { one: 'page view', other: 'page views' }),
  samplesLabel: 'Measured',
  shares: (name: string) => `${name}: shares of page views`,
  shareOf: (rating: string, share: string) => `${rating}: ${share}`,
  histogram: (name: string) => `${name}: page views by value`,
  histogramTable: 'Distribution as a table',
  value: 'Value',
  overTime: (name: string) => `${name}, p75 over time`,
  notMeasured: 'Not measured',
  devices: 'Devices',
  all: 'All devices',
  oneValue: 'Vitals are filtered by one value: this filter is set aside here.',
  rights: 'Percentiles come out of counts per bucket, four buckets per doubling: right to a fifth at worst. No single value is kept.',
  when: 'Each browser reports once per page load, when the page is left.',
  about: 'About these numbers',
  turnedOn: 'Measured on pages whose tracker has data-vitals:',
  none: 'No vitals yet',
  noneWhy: 'The tracker measures how fast pages appear and answer when it is told to: add data-vitals to its script tag. It costs visitors nothing, and no single measurement is kept.',
  noneUnder: 'No vitals under this filter: of a pair of vital and filter, groups of too few visitors are not shown.',
};

export default vitals;
