"""What nibabel says of a NIfTI file: its affine and the sum of its voxels times their number.

Prints sixteen numbers of the affine, rows first, then Σ value · (position + 1), i fastest.
With --write FILE it writes an oblique scaled int16 scan for dawson to read instead.
"""
import sys

import nibabel
import numpy as np


def describe(image):
    values = np.asarray(image.dataobj, dtype=np.float64).ravel(order="F")
    weights = np.arange(1, values.size + 1, dtype=np.float64)
    numbers = list(image.affine.ravel()) + [float((values * weights).sum())]
    print(" ".join(repr(float(x)) for x in numbers))


if sys.argv[1] == "--write":
    a, b = np.deg2rad(17.0), np.deg2rad(-8.0)
    rz = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    rx = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    affine = np.eye(4)
    affine[:3, :3] = rz @ rx @ np.diag([-0.9, 1.1, 6.5])
    affine[:3, 3] = [80, -100, -40]
    values = np.random.default_rng(5).normal(100, 30, (7, 6, 5))
    image = nibabel.Nifti1Image(values, None)
    image.header.set_data_dtype(np.int16)
    image.set_qform(affine, 1)
    image.set_sform(None, 0)
    nibabel.save(image, sys.argv[2])
    image = nibabel.load(sys.argv[2])
else:
    image = nibabel.load(sys.argv[1])
describe(image)
