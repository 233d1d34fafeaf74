export const sittingName: string;
export function sittingContents(library?: (name: string) => string): [from: string, to: string][];
