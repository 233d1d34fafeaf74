import { encodeLink } from '../../study/link';
import type { StudyResult, Tuned } from '../../study/result';
import type { Study } from '../../study/study';

/** What reports are made of: a result, or what there is of one so far. */
export interface Reported
  extends Pick<StudyResult, 'study' | 'originals' | 'oracles' | 'runs' | 'failed'>,
    Partial<Pick<StudyResult, 'device' | 'finished' | 'version'>> {
  tuned?: readonly Tuned[];
  detail?: { forget: readonly number[] };
}

export interface ReportOptions {
  /** Address of a page of Lethe, to which links to studies are appended; absent: the links' own part alone. */
  site?: string;
  /** Which columns there are, by their ids; absent: the format's usual ones. */
  columns?: readonly string[];
  /** Which rows there are, by the keys of their run groups, in this order; absent: all. */
  groups?: readonly string[];
}

/** Longer ones are left out of captions and lists of facts: no reader types or trusts them. */
const LONGEST_LINK = 300;

/** The address that opens a study on a page of Lethe. */
export function studyLink(study: Study, { site = '' }: Pick<ReportOptions, 'site'> = {}): string {
  return `${site}${encodeLink(study)}`;
}

/** The same where it is short enough to be printed. */
export function printedLink(study: Study, options: Pick<ReportOptions, 'site'>): string | undefined {
  const link = studyLink(study, options);
  return link.length <= LONGEST_LINK ? link : undefined;
}
