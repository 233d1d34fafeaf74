export const packName: string;
export function packContents(library?: (name: string) => string): [from: string, to: string][];
export const packLinks: [from: string, to: string][];
