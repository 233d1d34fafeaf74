import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * When a process began, in ticks since the machine did: process ids are given again, a pair of both is not. Empty for one that has
 * ended and whose parent has not asked for its exit code yet.
 */
function startOf(pid: number | 'self'): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The program's name, in brackets, may hold spaces and brackets; behind it come the state and, 19 fields on, the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /[ZX]/.test(fields[0]!) ? '' : fields[19]!;
}

let own: string | undefined;

/**
 * What tells this process from all others: `MACHINE-PID-START`, of lower-case letters and digits. MACHINE stands for one boot of a kernel
 * and one space of process ids, so that containers and machines that share a folder do not judge each other's processes. Empty
 * where the system has no `/proc`: then nobody can say of this process that it is gone. For Node only.
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

/** What is known here of the process with a mark: nothing of any other text, and of other machines. */
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
