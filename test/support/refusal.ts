/** What a command says on standard error without the lines about the data that it has read. */
export const withoutReports = (stderr: string): string =>
  stderr.replace(/^(?!lethe: )[^\n]+: [\d,]+ images to train on, [^\n]+\n/gm, '');
