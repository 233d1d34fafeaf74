import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What of a machine decides how its Vulkan driver is found. */
export interface Machine {
  /** Shared libraries that the loader knows, with their paths. */
  libraries: ReadonlyMap<string, string>;
  exists(path: string): boolean;
}

/** One way to find a driver, as environment variables on top of the process's own. */
export interface Search {
  /** For people: what is done. */
  what: string;
  env: Record<string, string>;
  /** A driver file that has to be written first, and that `env` names. */
  write?: { path: string; text: string };
}

/** Where NVIDIA's container tools and distributions put the driver, where the machine's own loader may not look. */
const LIBRARY_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/local/nvidia/lib64',
  '/usr/local/nvidia/lib',
  '/usr/lib/x86_64-linux-gnu/nvidia/current',
  '/usr/lib/wsl/lib',
];
const DRIVER_FILES = ['nvidia_icd.json', 'nvidia_icd.x86_64.json'].flatMap((name) =>
  [
    '/usr/share/vulkan/icd.d',
    '/etc/vulkan/icd.d',
    '/usr/local/share/vulkan/icd.d',
    '/usr/local/nvidia/share/vulkan/icd.d',
  ].map((folder) => join(folder, name)),
);

/**
 * Ways to a Vulkan driver, the plain one first; the next is for machines where those before find no GPU. A GPU's container often has the
 * driver's libraries, but neither the Vulkan loader nor the file that names the driver to it; and the library that the file usually names
 * needs the client libraries of X11, while the one for EGL does not.
 * @param brought folders with a Vulkan loader, and with X11's client libraries, that came along
 * @param folder where driver files may be written
 */
export function driverSearches(
  { libraries, exists }: Machine,
  brought: { loader: string; x11: string },
  folder: string,
  inherited: NodeJS.ProcessEnv = {},
): Search[] {
  const loader = libraries.has('libvulkan.so.1') || !exists(brought.loader) ? [] : [brought.loader];
  const path = (folders: string[]): Record<string, string> => {
    const all = [...(inherited.LD_LIBRARY_PATH ? [inherited.LD_LIBRARY_PATH] : []), ...folders];
    return all.length > 0 ? { LD_LIBRARY_PATH: all.join(':') } : {};
  };
  const driver = (file: string) => ({ VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file });
  const searches: Search[] = [
    {
      what: loader.length > 0 ? 'the Vulkan loader that came along' : 'the machine as it is',
      env: path(loader),
    },
  ];
  for (const file of DRIVER_FILES)
    if (exists(file))
      searches.push({ what: `the driver file ${file}`, env: { ...path(loader), ...driver(file) } });
  for (const name of ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0']) {
    const library =
      libraries.get(name) ??
      LIBRARY_FOLDERS.map((place) => join(place, name)).find((candidate) => exists(candidate));
    if (!library) continue;
    const file = join(folder, `${name.replace(/\..*/, '')}.json`);
    const description = { library_path: library, api_version: '1.3.0' };
    const write = {
      path: file,
      text: `${JSON.stringify({ file_format_version: '1.0.0', ICD: description })}\n`,
    };
    const folders = [...loader, ...(libraries.has(name) ? [] : [dirname(library)])];
    searches.push({
      what: `a driver file written for ${library}`,
      env: { ...path(folders), ...driver(file) },
      write,
    });
    if (!libraries.has('libX11.so.6') && exists(brought.x11))
      searches.push({
        what: `a driver file written for ${library}, with the X11 libraries that came along`,
        env: { ...path([...folders, brought.x11]), ...driver(file) },
        write,
      });
  }
  return searches;
}

/** This machine. */
export function thisMachine(): Machine {
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const libraries = new Map<string, string>();
  for (const line of stdout?.split('\n') ?? []) {
    const [, name, path] = line.match(/^\s*(\S+) \(.*x86-64.*\) => (\S+)/) ?? [];
    if (name && path && !libraries.has(name)) libraries.set(name, path);
  }
  return { libraries, exists: existsSync };
}
