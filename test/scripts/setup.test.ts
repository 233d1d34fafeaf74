import { expect, test } from 'vitest';
import { backportsOf, sourcesIn } from '../../scripts/setup.mjs';

const docker = sourcesIn(
  'docker.list',
  'deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable\n',
);
const hashicorp = sourcesIn(
  'hashicorp.list',
  'deb [signed-by=/usr/share/keyrings/hashicorp.gpg] https://apt.releases.hashicorp.com bookworm main\n',
);
const debian = sourcesIn(
  'debian.sources',
  `# See sources.list(5)
Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: bookworm-security
Components: main
`,
);
const lines = sourcesIn(
  'sources.list',
  `deb http://mirror.example/debian bookworm main
# deb http://old.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb http://mirror.example/debian/ bookworm-updates main
`,
);

test('backports: derived from Debian’s own source, wherever another program’s source of the same suite stands', () => {
  const stanza = `Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm-backports
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
  expect(backportsOf([...docker, ...hashicorp, ...debian], 'bookworm')).toBe(stanza);
  expect(backportsOf([...debian, ...docker], 'bookworm')).toBe(stanza);
  expect(backportsOf([...docker, ...hashicorp, ...lines], 'bookworm')).toBe(
    'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm-backports\nComponents: main\n',
  );
});

test('backports: a source without main is none, one without updates does', () => {
  expect(backportsOf(docker, 'bookworm')).toBeUndefined();
  expect(backportsOf([], 'bookworm')).toBeUndefined();
  expect(backportsOf([...docker, ...lines.slice(0, 1)], 'bookworm')).toContain(
    'http://mirror.example/debian',
  );
});

test('APT sources: comments, sources of source code and what is switched off are left out', () => {
  expect(lines).toHaveLength(2);
  expect(docker[0]).toEqual({
    uris: 'https://download.docker.com/linux/debian',
    suites: ['bookworm'],
    components: ['stable'],
    signedBy: '/etc/apt/keyrings/docker.asc',
  });
  const off = 'Types: deb\nEnabled: no\nURIs: http://x.example\nSuites: bookworm\nComponents: main\n';
  expect(sourcesIn('off.sources', off)).toEqual([]);
  expect(sourcesIn('off.sources', off.replace('no', 'yes'))).toHaveLength(1);
  expect(sourcesIn('debian.list.save', 'deb http://x.example bookworm main\n')).toEqual([]);
});
