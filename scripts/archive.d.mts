export const packLinks: [from: string, to: string][];
