"""Calling a program, and what a call of dawson costs."""
import os
import statistics
import subprocess
import sys
import tempfile


def call(*line):
    """Its output; where it fails, this program ends with its words."""
    done = subprocess.run([str(word) for word in line], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, line))}\n{done.stderr}")
    return done.stdout


def segment_cost(dawson, options, scan):
    """Median CPU seconds and largest memory in MB of the whole process, one thread."""
    seconds, memory = [], 0
    for _ in range(3):
        with tempfile.TemporaryDirectory() as place:
            child = os.posix_spawnp(dawson, [
                dawson, "segment", "-i", str(scan), "-o", place, "--overwrite", "--threads",
                "1", "--progress", "none", *map(str, options)], os.environ,
                file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
            _, status, usage = os.wait4(child, 0)
            if status != 0:
                sys.exit(f"{scan}: segment failed")
            seconds.append(usage.ru_utime + usage.ru_stime)
            memory = max(memory, usage.ru_maxrss // 1024)
    return statistics.median(seconds), memory
