/** Of this Lethe, as in `package.json` and `CITATION.cff`: a test holds the three together. Results say it. */
export const LETHE_VERSION = '0.2.0';

/** What to print of the version that made a result; the first ones did not say it. */
export const versionText = (version: string | undefined): string =>
  version === undefined ? 'an earlier version of Lethe' : `Lethe ${version}`;
