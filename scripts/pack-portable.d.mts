export const packName: string;
export function packContents(library?: (name: string) => string): [from: string, to: string][];
