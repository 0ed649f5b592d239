#!/usr/bin/env python3
"""scripts/remote-train, with a shell here for the machine far away: slices that end by the clock, a
killed script and a machine that came back empty lead to the weights of an unbroken run.

    remote_train_goes_on.py DAWSON REMOTE_TRAIN
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DAWSON, REMOTE_TRAIN = (str(Path(p).resolve()) for p in sys.argv[1:3])
SIZE = (40, 36, 5)  # X, Y, Z
TRAINING = ["--iterations", "400", "--epoch-iterations", "20", "--batch", "2", "--patch", "32",
            "--width", "4", "--levels", "2", "--threads", "1", "--compute", "float32"]


def write_array(file: Path, shape: tuple, values: bytes):
    extents = "".join(f"{n}, " for n in shape)  # as dawson itself writes it
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({extents}), }}"
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    file.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() +
                     values)


def write_cache(folder: Path):
    """Two heads: grey squares with a bright spot."""
    folder.mkdir()
    draw, scans, (nx, ny, nz) = random.Random(1), [], SIZE
    for n in (1, 2):
        brain, target, image = bytearray(), bytearray(), bytearray()
        x0, y0 = draw.randrange(12, 24), draw.randrange(12, 22)
        for z in range(nz):
            for y in range(ny):
                for x in range(nx):
                    inside = 5 <= x < 35 and 5 <= y < 31
                    lesion = inside and z > 0 and abs(x - x0) < 4 and abs(y - y0) < 4
                    brain.append(inside)
                    target.append(lesion)
                    image.append((200 if lesion else 100 + draw.randrange(20)) if inside else 0)
        image += bytes(x for _ in range(nz * ny) for x in range(nx))
        stem = f"toy_sub-{n}"
        write_array(folder / f"{stem}_image.npy", (2, nz, ny, nx), bytes(image))
        write_array(folder / f"{stem}_target.npy", (nz, ny, nx), bytes(target))
        write_array(folder / f"{stem}_brain.npy", (nz, ny, nx), bytes(brain))
        scans.append({"source": "toy", "participant": f"sub-{n}", "session": "", "stem": stem,
                      "size": list(SIZE), "spacing_mm": [1.0, 1.0, 2.0],
                      "affine": [[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 2.0, 0]],
                      "channels": [{"name": "FLAIR", "scale": 0.05, "offset": -6.0},
                                   {"name": "lesion_frequency", "scale": 1 / 255, "offset": 0.0}],
                      "content_sha256": str(n)})
    (folder / "index.json").write_text(json.dumps(
        {"format": 1, "target": "lesion", "recipe": {"made": "for a test"}, "scans": scans}))


def weights(run: Path) -> list:
    return [file.read_bytes() for file in (run / "checkpoint-400" / "weights.safetensors",
                                           run / "checkpoint-400" / "average.safetensors",
                                           run / "model" / "weights.safetensors")]


def kill_after_a_slice(command: list, run: Path) -> list:
    """The checkpoints that are here when the first slice has come back."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(run.glob("checkpoint-*")):
        assert process.poll() is None and time.monotonic() < deadline, "no slice came back"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return [p.name for p in run.glob("checkpoint-*")]


def main():
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        write_cache(here / "cache")
        started = time.monotonic()
        subprocess.run([DAWSON, "train", "-i", here / "cache", "-o", here / "unbroken", *TRAINING],
                       check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - started
        there, run = here / "there", here / "run"
        reached = ["checkpoint-400"]
        while reached == ["checkpoint-400"]:  # other work on this machine had slowed the first run
            seconds /= 2
            assert seconds > 0.2, "every slice held the whole run"
            command = [REMOTE_TRAIN, "-i", here / "cache", "-o", run, "--shell", "sh -c {command}",
                       "--folder", there, "--program", DAWSON, "--slice", f"{seconds:.2f}",
                       "--most-in", "0.02", "--most-out", "0.02", "--", *TRAINING]
            reached = kill_after_a_slice(command, run)
            shutil.rmtree(there)
            if reached == ["checkpoint-400"]:
                shutil.rmtree(run)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        assert weights(run) == weights(here / "unbroken"), "other weights than of an unbroken run"
        done = subprocess.run([*command[:-1], "bfloat16"], stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1 and "settings" in done.stderr, done.stderr
    print(f"killed after {reached[0]}, the machine emptied: the same weights")


main()
