import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * When a process began, in ticks since the machine started: process ids are reused, a pair of both is not. Empty for a process that has
 * ended but whose parent has not fetched its exit code yet.
 */
function startOf(pid: number | 'self'): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The program's name, in brackets, may hold spaces and brackets; behind it come the state and, 19 fields on, the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /[ZX]/.test(fields[0]!) ? '' : fields[19]!;
}

let own: string | undefined;

/**
 * Identifies this process among all others: `MACHINE-PID-START`, in lower-case letters and digits. MACHINE is a hash of the kernel's boot
 * and of the space of process ids, so that containers and machines that share a folder do not judge each other's processes. Empty
 * where the system has no `/proc`: such a process is never taken for gone. For Node only.
 */
export function processMark(): string {
  own ??= markOf();
  return own;
}

function markOf(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    const machine = createHash('sha256').update(boot).update(readlinkSync('/proc/self/ns/pid')).digest('hex');
    return `${machine.slice(0, 12)}-${process.pid}-${startOf('self')}`;
  } catch {
    return '';
  }
}

/** The state of the process with a mark; unknown for any other text, and for processes of other machines. */
export function stateOf(mark: string): 'alive' | 'gone' | 'unknown' {
  const [, machine, pid, start] = /^([0-9a-f]{12})-(\d+)-(\d+)$/.exec(mark) ?? [];
  if (machine === undefined || !processMark().startsWith(`${machine}-`)) return 'unknown';
  try {
    return startOf(Number(pid)) === start ? 'alive' : 'gone';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? 'gone' : 'unknown';
  }
}

/** The process id in a mark; undefined in any other text. */
export function pidOf(mark: string): number | undefined {
  const pid = /^[0-9a-f]{12}-(\d+)-\d+$/.exec(mark)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
