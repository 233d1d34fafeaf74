export interface AptSource {
  uris: string;
  suites: string[];
  components: string[];
  signedBy?: string;
}
export function findChromium(): string | undefined;
export function sourcesIn(name: string, content: string): AptSource[];
export function backportsOf(sources: AptSource[], codename: string): string | undefined;
