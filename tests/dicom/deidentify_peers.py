#!/usr/bin/env python3
"""import --deidentify --to dicom beside Orthanc's, gdcmanon's and dciodvfy's judgement.

Usage: deidentify_peers.py DAWSON [--print]

Real images of MR from Debian's python3-pydicom and python3-nibabel, with names planted in them, are
de-identified by dawson, by Orthanc (its default profile, DICOM PS3.15 2021b) and by gdcmanon.

1. A real Orthanc takes what dawson wrote and gives it back byte for byte.
2. dciodvfy finds no error in it that the input lacked.
3. What Orthanc or gdcmanon take out, dawson takes out too, but for what EXPLAINED says.

--print prints, attribute by attribute, where the three differ. Needs orthanc, dicom3tools,
libgdcm-tools, openssl, python3-pydicom; leaves out what is not there and says so.
"""
import gzip
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pydicom

PYDICOM = Path(pydicom.__file__).parent / "data/test_files"
NIBABEL = Path("/usr/lib/python3/dist-packages/nibabel/nicom/tests/data")
NAMES = ["Beeblebrox", "Zaphod"]

# What a peer removes and dawson keeps, and why that identifies nobody.
EXPLAINED = {
    "PatientName": "a pseudonym",
    "PatientID": "a pseudonym",
    "DeidentificationMethod": "says what was done",
    "PatientIdentityRemoved": "says what was done",
    "LongitudinalTemporalInformationModified": "says what was done",
}


def images(folder: Path) -> list[Path]:
    """Real files, each with names planted."""
    made = []
    sources = [PYDICOM / "MR_small.dcm", PYDICOM / "MR_small_implicit.dcm"]
    for number, source in enumerate(sources):
        if not source.exists():
            continue
        data = pydicom.dcmread(source)
        data.PatientName = "^".join(NAMES)
        data.PatientID = f"4711{number}"
        data.ReferringPhysicianName = NAMES[0]
        data.ImageComments = "seen with " + NAMES[1]
        data.OperatorsName = NAMES[1]
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            setattr(data, keyword, f"{getattr(data, keyword)}.{number}")
        data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
        made.append(folder / f"in-{number}.dcm")
        data.save_as(made[-1])
    enhanced = NIBABEL / "philips_mprage.dcm.gz"
    if enhanced.exists():
        made.append(folder / "enhanced.dcm")
        with gzip.open(enhanced) as packed:
            made[-1].write_bytes(packed.read())
    return made


def values(data, prefix="") -> dict[str, str]:
    """Of every element at any depth, by the keywords on the way to it."""
    found = {}
    for element in data:
        if element.tag.is_private:
            found[prefix + "private"] = "there"
            continue
        name = prefix + (element.keyword or str(element.tag))
        if element.VR == "SQ":
            for item in element.value:
                found.update(values(item, name + "/"))
        elif element.keyword != "PixelData" and element.value not in ("", None):
            found[name] = str(element.value)
    return found


def errors(file: Path) -> set[str]:
    run = subprocess.run(["dciodvfy", file], capture_output=True, text=True, errors="replace")
    lines = (run.stderr + run.stdout).splitlines()
    return {re.sub(r"<[^>]*>", "", line) for line in lines if line.startswith("Error")}


class Orthanc:
    """A server of its own, on loopback, gone at the end."""

    def __init__(self, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        settings = folder / "orthanc.json"
        settings.write_text(json.dumps({
            "StorageDirectory": str(folder / "store"), "IndexDirectory": str(folder / "store"),
            "HttpPort": port, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomServerEnabled": False, "Plugins": []}))
        self.process = subprocess.Popen(["Orthanc", settings], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.get("/system")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("Orthanc does not answer")

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return answer.read()

    def post(self, path: str, body: bytes) -> bytes:
        request = urllib.request.Request(self.address + path, data=body, method="POST")
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read()

    def add(self, file: Path) -> str:
        return json.loads(self.post("/instances", file.read_bytes()))["ID"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def by_gdcmanon(file: Path, folder: Path) -> Path | None:
    if not shutil.which("gdcmanon") or not shutil.which("openssl"):
        return None
    certificate = folder / "certificate.pem"
    if not certificate.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a",
                        "-keyout", folder / "private.pem", "-out", certificate],
                       check=True, capture_output=True)
    out = folder / ("gdcm-" + file.name)
    run = subprocess.run(["gdcmanon", "-c", certificate, "-e", file, out], capture_output=True)
    return out if run.returncode == 0 and out.exists() else None


def compare(name: str, before: dict, ours: dict, peer: dict, printed: bool) -> list[str]:
    """What the peer took out or changed and we left as it was."""
    left = []
    for key, value in sorted(before.items()):
        peer_changed, we_changed = peer.get(key) != value, ours.get(key) != value
        if printed and peer_changed != we_changed:
            def word(changed, values):
                return "as it was" if not changed else "replaced" if key in values else "removed"
            print(f"| {key} | {word(we_changed, ours)} | {name}: {word(peer_changed, peer)} |")
        if peer_changed and not we_changed and key.split("/")[-1] not in EXPLAINED:
            left.append(f"{key} is left, {name} takes it out")
    return left


def main() -> int:
    dawson, printed = sys.argv[1], "--print" in sys.argv
    wrong, looked_at = [], []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "in").mkdir()
        inputs = images(folder / "in")
        if not inputs:
            print("left out: no images of python3-pydicom or python3-nibabel")
            return 77
        out = folder / "out"
        subprocess.run([dawson, "import", "-i", folder / "in", "-o", out, "--deidentify", "--to",
                        "dicom", "--progress", "none"], check=True, capture_output=True)
        outputs = sorted(out.rglob("*.dcm"))
        if len(outputs) != len(inputs):
            wrong.append(f"{len(outputs)} of {len(inputs)} images were written")
        pairs = {}
        for file in inputs:
            size = pydicom.dcmread(file, stop_before_pixels=True)
            for output in outputs:
                other = pydicom.dcmread(output, stop_before_pixels=True)
                same = (other.Rows, other.SOPClassUID) == (size.Rows, size.SOPClassUID)
                if same and output not in pairs.values():
                    pairs.setdefault(file, output)
        server = Orthanc(folder) if shutil.which("Orthanc") else None
        for file, output in pairs.items():
            bytes_written = output.read_bytes()
            for text in NAMES:
                if text.lower().encode() in bytes_written.lower():
                    wrong.append(f"{file.name}: holds {text}")
            before = values(pydicom.dcmread(file))
            ours = values(pydicom.dcmread(output))
            if shutil.which("dciodvfy"):
                looked_at.append("dciodvfy")
                wrong += [f"{file.name}: new: {e}" for e in errors(output) - errors(file)]
            if server:
                looked_at.append("Orthanc")
                given_back = server.get(f"/instances/{server.add(output)}/file")
                if given_back != bytes_written:
                    wrong.append(f"{file.name}: Orthanc gives back other bytes")
                original = server.add(file)
                theirs = server.post(f"/instances/{original}/anonymize", b"{}")
                (folder / "orthanc.dcm").write_bytes(theirs)
                wrong += compare("Orthanc", before, ours,
                                 values(pydicom.dcmread(folder / "orthanc.dcm")), printed)
            gdcm = by_gdcmanon(file, folder)
            if gdcm:
                looked_at.append("gdcmanon")
                wrong += compare("gdcmanon", before, ours, values(pydicom.dcmread(gdcm)), printed)
        if server:
            server.stop()
    print("peers: " + (", ".join(sorted(set(looked_at))) or "none was there"))
    for line in wrong:
        print(line)
    if wrong:
        return 1
    return 0 if looked_at else 77


if __name__ == "__main__":
    sys.exit(main())
