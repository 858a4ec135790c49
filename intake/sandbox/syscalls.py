"""Which system calls a locked-down process may make, and their numbers. ◇

Allowed are named; everything else is refused with "not permitted". Numbers are those of x86-64 and of arm64 (the generic
table); None where a machine lacks the call.
"""

NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "close": (3, 57),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "stat": (4, None),
    "lstat": (6, None),
    "statx": (332, 291),
    "fcntl": (72, 25),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "brk": (12, 214),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "tgkill": (234, 131),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrusage": (98, 165),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getrandom": (318, 278),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getcwd": (79, 17),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "arch_prctl": (158, None),
    "restart_syscall": (219, 128),
    "ioctl": (16, 29),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "openat": (257, 56),
    "open": (2, None),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fsync": (74, 82),
    "chdir": (80, 49),
    "fadvise64": (221, 223),
    "umask": (95, 166),
    "execve": (59, 221),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    "wait4": (61, 260),
    "waitid": (247, 95),
    "set_tid_address": (218, 96),
    "getpgrp": (111, None),
    "getpgid": (121, 155),
    "setsid": (112, 157),
    "getsid": (124, 156),
    "close_range": (436, 436),
    "kill": (62, 129),
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "flock": (73, 32),
    "fdatasync": (75, 83),
    "getrlimit": (97, 163),
    "mlock": (149, 228),
    "munlock": (150, 229),
    "sched_setaffinity": (203, 122),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "getpriority": (140, 141),
    "get_mempolicy": (239, 236),
    "prlimit64": (302, 261),
}

_MEMORY = "mmap munmap mremap mprotect madvise brk get_mempolicy"
_DATA = "read write readv writev pread64 close lseek fstat fcntl dup poll ppoll select pselect6 recvfrom sendto"
_THREAD = (
    "futex set_robust_list get_robust_list rseq membarrier rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack "
    "exit exit_group getpid getppid gettid restart_syscall arch_prctl set_tid_address"
)
_CLOCK = "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage"
_MACHINE = "sched_yield sched_getaffinity getrandom getuid geteuid getgid getegid uname sysinfo"

# Reads a document that it already holds and answers over a socket that it already has. It opens nothing.
READER: frozenset[str] = frozenset(" ".join((_MEMORY, _DATA, _THREAD, _CLOCK, _MACHINE)).split())

# Also starts Tesseract, which opens its libraries and its language data; Landlock says which files.
OCR: frozenset[str] = READER | frozenset(
    "newfstatat stat lstat statx dup2 dup3 pipe pipe2 epoll_create1 epoll_ctl epoll_wait epoll_pwait openat open access "
    "faccessat faccessat2 readlink readlinkat getdents64 unlink unlinkat mkdir mkdirat rmdir rename renameat renameat2 "
    "ftruncate fallocate fsync fdatasync chdir getcwd fadvise64 umask execve fork vfork clone wait4 waitid getpgrp "
    "tgkill getpgid setsid getsid close_range prlimit64 kill statfs fstatfs flock getrlimit pwrite64 getgroups ioctl "
    "sched_getparam sched_getscheduler getpriority".split()
)

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
CLONE3 = 435


def numbers(allowed: frozenset[str], machine: str) -> tuple[int, ...]:
    """The numbers of these calls on this machine, in order."""
    column, _ = MACHINES[machine]
    found = (NUMBERS[name][column] for name in allowed)
    return tuple(sorted(number for number in found if number is not None))
