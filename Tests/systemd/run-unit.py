#!/usr/bin/env python3
"""Runs the program of a systemd unit under the unit's own sandbox, without systemd.

run-unit.py UNIT [--instance NAME] [--path UNIT_PATH=REAL_PATH ...] [--visible PATH ...]

Paths that the unit names are replaced by the test's (--path). Folders of the test that lie below /tmp, /home or /root
stay visible where the unit hides those (--visible). The user stays who it is, but without any capability. Whatever
setting of a unit is not known here is an error: a test that leaves one out proves nothing about it.

Needs root: for mounts and an own network.
"""

import argparse
import ctypes
import functools
import os
import resource
import shlex
import socket
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
NEWNS, NEWIPC, NEWUSER, NEWNET = 0x20000, 0x8000000, 0x10000000, 0x40000000
RDONLY, NOSUID, NODEV, BIND, REC, PRIVATE = 1, 2, 4, 0x1000, 0x4000, 0x40000

# What systemd does itself, or what has no effect on the program's own calls.
LEFT_OUT = {
    "Type", "NotifyAccess", "Restart", "RestartSec", "WatchdogSec", "TimeoutStopSec", "User", "Group",
    "SupplementaryGroups", "StateDirectoryMode", "RuntimeDirectoryMode", "RuntimeDirectoryPreserve", "RemoveIPC",
    # No cgroup here: what they forbid is forbidden by PrivateDevices and PrivateNetwork too, where those are set.
    "DevicePolicy", "DeviceAllow", "IPAddressDeny", "IPAddressAllow",
    # Their system calls are in @privileged or @resources, or their paths in what ProtectSystem makes read-only.
    "ProtectHostname", "ProtectClock", "ProtectKernelModules", "ProtectKernelLogs", "ProtectControlGroups",
    "RestrictRealtime",
    "CapabilityBoundingSet", "AmbientCapabilities", "NoNewPrivileges",  # all programs run without any, see `drop`
    "MemorySwapMax",  # the machine's: a program cannot see it
}  # fmt: skip
APPLIED = {
    "ExecStart", "UMask", "LimitCORE", "Environment", "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices",
    "PrivateNetwork", "PrivateIPC", "PrivateUsers", "ProtectKernelTunables", "ProtectProc", "ProcSubset", "InaccessiblePaths",
    "TemporaryFileSystem", "BindReadOnlyPaths", "StateDirectory", "RuntimeDirectory", "RestrictAddressFamilies",
    "RestrictNamespaces", "RestrictSUIDSGID", "LockPersonality", "MemoryDenyWriteExecute", "SystemCallArchitectures",
    "SystemCallFilter", "SystemCallErrorNumber",
}  # fmt: skip


def fail(sentence):
    sys.exit("run-unit: " + sentence)


def service(path, replace):
    """The [Service] section: name -> list of values."""
    settings, section = {}, ""
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == "[Service]" and line and not line.startswith("#"):
            name, value = line.split("=", 1)
            if name not in LEFT_OUT | APPLIED:
                fail(f"{path}: {name}= is not known here")
            settings.setdefault(name, []).append(replace(value))
    return settings


# MARK: mounts


def mount(source, target, kind=None, flags=0, data=None):
    arguments = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    if libc.mount(*arguments, flags, None if data is None else data.encode()) != 0:
        fail(f"mount {source} on {target}: {os.strerror(ctypes.get_errno())}")


def set_read_only(path, yes, recursive):
    """mount_setattr(2): MOUNT_ATTR_RDONLY set or cleared."""
    attributes = (ctypes.c_uint64 * 4)(1 if yes else 0, 0 if yes else 1, 0, 0)
    flags = 0x8000 if recursive else 0
    if libc.syscall(442, -100, os.fsencode(path), flags, ctypes.byref(attributes), ctypes.sizeof(attributes)) != 0:
        fail(f"read-only {path}: {os.strerror(ctypes.get_errno())}")


def rebind(descriptor, path):
    source = f"/proc/self/fd/{descriptor}"
    if os.path.isdir(source):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "a").close()
    mount(source, path, flags=BIND | REC)


def build_file_system(settings, real, visible, writable):
    is_on = lambda name: settings.get(name, ["no"])[-1] == "yes"
    flags = NEWNS
    if is_on("PrivateNetwork"):
        flags |= NEWNET
    if is_on("PrivateIPC"):
        flags |= NEWIPC
    if libc.unshare(flags) != 0:
        fail(f"unshare: {os.strerror(ctypes.get_errno())}")
    mount(None, "/", flags=REC | PRIVATE)
    kept = [(os.open(path, os.O_PATH), path) for path in visible + writable]
    bound = []
    for entry in " ".join(settings.get("BindReadOnlyPaths", [])).split():
        optional, path = entry.startswith("-"), entry.lstrip("-")
        if os.path.exists(path):
            bound.append((os.open(path, os.O_PATH), path))
        elif not optional:
            fail(f"{path} is not there")
    hidden = []
    if is_on("PrivateTmp"):
        hidden += ["/tmp", "/var/tmp"]
    if is_on("ProtectHome"):
        hidden += [path for path in ("/home", "/root") if os.path.isdir(path)]
    for path in hidden:
        mount("tmpfs", path, "tmpfs", NOSUID | NODEV, "mode=1777")
    if is_on("PrivateDevices"):
        names = ["null", "zero", "full", "random", "urandom", "tty"]
        devices = [(os.open("/dev/" + name, os.O_PATH), "/dev/" + name) for name in names]
        mount("tmpfs", "/dev", "tmpfs", NOSUID, "mode=0755")
        for descriptor, path in devices:
            rebind(descriptor, path)
    for descriptor, path in kept:
        rebind(descriptor, path)
    options = []
    if settings.get("ProcSubset", [""])[-1] == "pid":
        options.append("subset=pid")
    if settings.get("ProtectProc", [""])[-1] == "invisible":
        options.append("hidepid=invisible")
    if options:
        mount("proc", "/proc", "proc", NOSUID | NODEV, ",".join(options))
    empty = []
    for entry in " ".join(settings.get("TemporaryFileSystem", [])).split():
        path = entry.split(":")[0]
        if os.path.isdir(path):
            mount("tmpfs", path, "tmpfs", NOSUID | NODEV, "mode=0755")
            empty.append(path)
    for descriptor, path in bound:
        rebind(descriptor, path)
    for entry in " ".join(settings.get("InaccessiblePaths", [])).split():
        path = entry.lstrip("-")
        if os.path.isdir(path):
            mount("tmpfs", path, "tmpfs", NOSUID | NODEV, "mode=0000,size=4k")
        elif not entry.startswith("-"):
            fail(f"{path} is not there")
    if settings.get("ProtectSystem", [""])[-1] == "strict":
        set_read_only("/", True, True)
        for path in hidden + writable + ["/dev", "/proc"]:
            set_read_only(path, False, path == "/dev")
    for descriptor, _ in kept + bound:
        os.close(descriptor)


def leave_users():
    """An own user namespace, in which there is nobody but this user."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEWUSER) != 0:
        fail(f"user namespace: {os.strerror(ctypes.get_errno())}")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


# MARK: system calls


class Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


NOT_EQUAL, EQUAL, AT_LEAST, MASKED_EQUAL = 1, 4, 5, 7
ALLOW = 0x7FFF0000


def error(name):
    import errno

    return 0x00050000 | getattr(errno, name)


class Filter:
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p,
    ]  # fmt: skip

    def __init__(self, default=ALLOW):
        self.context = self.library.seccomp_init(ctypes.c_uint32(default))

    def rule(self, action, call, *comparisons):
        number = self.library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return  # not a call of this architecture
        conditions = (Comparison * len(comparisons))(*(Comparison(*c, *[0] * (4 - len(c))) for c in comparisons))
        status = self.library.seccomp_rule_add_array(self.context, action, number, len(comparisons), conditions)
        if status != 0:
            fail(f"the rule for {call}: {os.strerror(-status)}")

    def load(self):
        status = self.library.seccomp_load(self.context)
        if status != 0:
            fail(f"the filter is not taken: {os.strerror(-status)}")


@functools.cache
def calls_of(group):
    if not group.startswith("@"):
        return {group}
    text = subprocess.run(
        ["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True
    ).stdout
    words = [line.strip() for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*(calls_of(word) for word in words))


def filters(settings):
    """All filters, in the order in which they are to be loaded."""
    made = []
    is_on = lambda name: settings.get(name, ["no"])[-1] == "yes"
    if is_on("MemoryDenyWriteExecute"):
        made.append(filter := Filter())
        filter.rule(error("EPERM"), "mmap", (2, MASKED_EQUAL, 6, 6))
        filter.rule(error("EPERM"), "mprotect", (2, MASKED_EQUAL, 4, 4))
        filter.rule(error("EPERM"), "pkey_mprotect", (2, MASKED_EQUAL, 4, 4))
        filter.rule(error("EPERM"), "shmat", (2, MASKED_EQUAL, 0o100000, 0o100000))
    if "RestrictAddressFamilies" in settings:
        made.append(filter := Filter())
        allowed = {int(getattr(socket, name)) for name in settings["RestrictAddressFamilies"][-1].split()}
        for family in set(range(46)) - allowed:
            filter.rule(error("EAFNOSUPPORT"), "socket", (0, EQUAL, family))
        filter.rule(error("EAFNOSUPPORT"), "socket", (0, AT_LEAST, 46))
    if is_on("RestrictNamespaces"):
        made.append(filter := Filter())
        filter.rule(error("ENOSYS"), "clone3")
        filter.rule(error("EPERM"), "setns")
        filter.rule(error("EPERM"), "unshare")
        for flag in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
            filter.rule(error("EPERM"), "clone", (0, MASKED_EQUAL, flag, flag))
    if is_on("RestrictSUIDSGID"):
        made.append(filter := Filter())
        for bit in (0o4000, 0o2000):
            for call, argument in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2)):
                filter.rule(error("EPERM"), call, (argument, MASKED_EQUAL, bit, bit))
            filter.rule(error("EPERM"), "open", (1, MASKED_EQUAL, 0o100, 0o100), (2, MASKED_EQUAL, bit, bit))
            filter.rule(error("EPERM"), "openat", (2, MASKED_EQUAL, 0o100, 0o100), (3, MASKED_EQUAL, bit, bit))
        filter.rule(error("ENOSYS"), "openat2")
    if is_on("LockPersonality"):
        made.append(filter := Filter())
        filter.rule(error("EPERM"), "personality", (0, NOT_EQUAL, 0))
    allowed = set()
    for line in settings.get("SystemCallFilter", []):
        words = set().union(*(calls_of(word) for word in line.lstrip("~").split()))
        allowed = allowed - words if line.startswith("~") else allowed | words
    if allowed:
        made.append(filter := Filter(error(settings["SystemCallErrorNumber"][-1])))
        for call in sorted(allowed | calls_of("@default")):
            filter.rule(ALLOW, call)
    return made


def drop():
    """No capability, now and after exec, and no new privileges."""
    for number in range(64):
        libc.prctl(24, number, 0, 0, 0)  # PR_CAPBSET_DROP
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()) != 0:
        fail("the capabilities are not dropped")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("unit")
    parser.add_argument("--instance", default="")
    parser.add_argument("--path", action="append", default=[])
    parser.add_argument("--visible", action="append", default=[])
    options = parser.parse_args()
    paths = dict(entry.split("=", 1) for entry in options.path)

    def replace(text):
        text = text.replace("%i", options.instance)
        for path, real in paths.items():
            text = text.replace(path, real)
        return text

    settings = service(options.unit, replace)
    command = shlex.split(settings["ExecStart"][-1])
    writable = [paths[f"/var/lib/{name}"] for name in settings.get("StateDirectory", [])]
    writable += [paths[f"/run/{name}"] for name in settings.get("RuntimeDirectory", [])]
    made = filters(settings)  # reads the groups while everything may still be run
    os.chdir("/")
    build_file_system(settings, replace, options.visible, writable)
    os.umask(int(settings["UMask"][-1], 8))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    environment = dict(os.environ)
    for line in settings.get("Environment", []):
        name, value = line.split("=", 1)
        environment[name] = value
    if settings.get("PrivateUsers", ["no"])[-1] == "yes":
        leave_users()
    drop()
    for filter in made:
        filter.load()
    os.execve(command[0], command, environment)


main()
