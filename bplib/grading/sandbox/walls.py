"""Lock this process up, so that nothing it does reaches further than itself and its own folder. Linux only.

Everything here happens inside bubblewrap's walls already, which hide the machine. These walls are between one
student and the next, and around the process that forks them: namespaces of its own, fresh folders, no
rights, limits, and no system call that a notebook does not need.
"""

import ctypes
import os
import resource
from dataclasses import dataclass

MEGABYTE = 1 << 20
HOME = "/home/student"

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
CAPABILITY_VERSION_3, LAST_CAPABILITY = 0x20080522, 63

FORBIDDEN = """
    io_uring_setup io_uring_enter io_uring_register add_key request_key keyctl ptrace process_vm_readv
    process_vm_writev kcmp bpf perf_event_open userfaultfd unshare setns mount umount2 pivot_root chroot
    move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr kexec_load kexec_file_load
    init_module finit_module delete_module open_by_handle_at name_to_handle_at syslog acct quotactl swapon
    swapoff reboot sethostname setdomainname settimeofday clock_settime adjtimex clock_adjtime
    fanotify_init pidfd_getfd process_madvise
""".split()
UNIX, INET, INET6, NETLINK = 1, 2, 10, 16  # sockets; there is no network, but honest imports ask for one

libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Limits:
    """What a student's process may use.

    memory      MB of all its processes together
    processes   how many
    file        MB of one file; all files together are bounded by `folder`
    folder      MB of its home folder, of /tmp and of /dev/shm, each
    cpu         seconds of processor time of one process
    """

    memory: int = 1500
    processes: int = 64
    file: int = 64
    folder: int = 128
    cpu: int = 300


def call(function, *arguments):
    """A function of the C library, with its error as OSError."""
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")


def leave_the_others():
    """Namespaces of our own: users, processes of the children, mounts, network, shared memory, name."""
    user, group = os.getuid(), os.getgid()
    new = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    call(libc.unshare, new)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def fresh_folders(limits):
    """An empty home, /tmp and /dev/shm, and a /proc that shows our own processes only."""
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for folder in (HOME, "/tmp", "/dev/shm"):
        size = f"size={limits.folder}m,nr_inodes=20000,mode=0700"
        mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, size)
    os.chdir(HOME)  # else this would still be the folder below the new one, which all share
    with open("/proc/sys/user/max_user_namespaces", "w") as file:
        file.write("0")


def mount(source, target, kind, flags, options=None):
    call(libc.mount, source.encode(), target.encode(), kind.encode(), flags, options and options.encode())


def give_up_rights():
    """No capability, none to be had again, nobody may look into this process."""
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # those that this kernel does not have fail
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    call(libc.capset, header, (ctypes.c_uint32 * 6)())
    call(libc.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    call(libc.prctl, PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit(limits):
    """The limits of the kernel; all memory together is watched from outside."""
    sizes = {
        resource.RLIMIT_AS: (limits.memory + 1000) * MEGABYTE,  # libraries reserve much that they never use
        resource.RLIMIT_FSIZE: limits.file * MEGABYTE,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_CPU: limits.cpu,
        resource.RLIMIT_NOFILE: 512,
        resource.RLIMIT_CORE: 0,
    }
    for kind, size in sizes.items():
        resource.setrlimit(kind, (size, size))


def limit_growth(megabytes):
    """From now on this process may take so much more memory, and gets a MemoryError then."""
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[5]) * resource.getpagesize()
    most = now + megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_system_calls():
    """A second line of defence, where libseccomp is installed: what a notebook never needs is refused."""
    try:
        from pyseccomp import ALLOW, EQ, ERRNO, GT, NE, Arg, SyscallFilter
    except (ImportError, OSError, RuntimeError):
        return
    rules = SyscallFilter(ALLOW)
    for name in FORBIDDEN:
        try:
            rules.add_rule(ERRNO(1), name)
        except (ValueError, OSError, RuntimeError):
            pass  # this kind of machine does not have it
    rules.add_rule(ERRNO(1), "prctl", Arg(0, EQ, PR_SET_DUMPABLE), Arg(1, EQ, 0))  # see memory.py
    for family in {*range(1, NETLINK)} - {UNIX, INET, INET6}:
        rules.add_rule(ERRNO(97), "socket", Arg(0, EQ, family))
    rules.add_rule(ERRNO(97), "socket", Arg(0, GT, NETLINK))
    rules.add_rule(ERRNO(97), "socket", Arg(0, EQ, NETLINK), Arg(2, NE, 0))
    rules.load()


def die_with_parent():
    call(libc.prctl, PR_SET_PDEATHSIG, 9, 0, 0, 0)
