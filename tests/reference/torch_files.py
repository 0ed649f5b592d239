"""Writes the small files in tests/nn/torch_files, as torch.save does and did; run by Debian's
python3-torch:

  /usr/bin/python3 tests/reference/torch_files.py tests/nn/torch_files
"""
import collections
import copyreg
import io
import os
import pickle
import struct
import sys
from pathlib import Path

import torch


def state():
    """Every way a tensor may lie in its storage; the values are asked for in the test."""
    shared = torch.arange(20.0)
    return collections.OrderedDict([
        ("plain", torch.arange(6.0).view(2, 3) - 2.5),
        ("transposed", torch.arange(6.0).view(2, 3).t()),
        ("channels_last",
         torch.arange(48.0).view(2, 3, 2, 4).contiguous(memory_format=torch.channels_last)),
        ("part", shared[5:17:2]),
        ("other_part", shared[10:]),
        ("parameter", torch.nn.Parameter(torch.full((2,), 0.125))),
        ("half", torch.tensor([1.5, -65504.0, 2.0**-24]).half()),
        ("brain", torch.tensor([3.140625, -1e30]).bfloat16()),
        ("num_batches_tracked", torch.tensor(2**40 + 1)),
        ("scalar", torch.tensor(7.0)),
        ("nothing", torch.zeros(0, 3)),
    ])


class Evil:
    def __reduce__(self):
        return os.system, ("touch the-file-was-run",)


class OldTensor:
    """As PyTorch before 0.4 wrote a tensor: by another function and, where storages were parts of
    others, with a view."""

    def __init__(self, key, count, sizes, strides, view=None):
        self.storage = ("storage", torch.FloatStorage, key, "cpu", count, view)
        self.place = (0, sizes, strides)

    def __reduce__(self):
        return torch._utils._rebuild_tensor, (Storage(self.storage), *self.place)


class Storage:
    def __init__(self, identifier):
        self.identifier = identifier


class ArgumentParameter:
    """PyTorch 0.2 and 0.3: the class called with its data."""

    def __init__(self, data):
        self.data = data

    def __reduce__(self):
        hooks = collections.OrderedDict()
        return torch.nn.parameter.Parameter, (self.data,), (True, False, hooks)


class StateParameter:
    """PyTorch 0.1: an empty object and a state of five parts."""

    __class__ = torch.nn.parameter.Parameter  # for pickle, which looks whether they agree

    def __init__(self, data):
        self.data = data

    def __reduce_ex__(self, _protocol):
        state = (self.data, None, collections.OrderedDict(), True, False)
        return copyreg.__newobj__, (torch.nn.parameter.Parameter,), state


class Pairs:
    """Python 2: an OrderedDict was a call with a list of pairs."""

    def __init__(self, entries):
        self.entries = entries

    def __reduce__(self):
        return collections.OrderedDict, (self.entries,)


class Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        return thing.identifier if isinstance(thing, Storage) else None


def old_stream(contents, storages):
    """The stream format by hand: magic number, version, machine, contents, keys, values."""
    out = io.BytesIO()
    pickle.dump(0x1950A86A20F9469CFC6C, out, protocol=2)
    pickle.dump(1001, out, protocol=2)
    sizes = {"short": 2, "int": 4, "long": 8}
    pickle.dump({"protocol_version": 1001, "little_endian": True, "type_sizes": sizes}, out,
                protocol=2)
    Pickler(out, protocol=2).dump(contents)
    pickle.dump(list(storages), out, protocol=2)
    for values in storages.values():
        out.write(struct.pack(f"<q{len(values)}f", len(values), *values))
    return out.getvalue()


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)

    def save(name, thing, **options):
        torch.save(thing, folder / name, **options)

    save("zip.pth", state())
    save("stream.pth", state(), _use_new_zipfile_serialization=False)
    save("zip_protocol_4.pth", state(), pickle_protocol=4)
    save("evil_zip.pth", {"weight": torch.ones(2), "bias": Evil()})
    save("evil_stream.pth", {"bias": Evil()}, _use_new_zipfile_serialization=False)
    (folder / "evil_pickle.pth").write_bytes(pickle.dumps(Evil(), protocol=4))
    save("double.pth", {"weight": torch.ones(2).double()})
    save("checkpoint.pth", {"epoch": 3, "state_dict": state()})
    (folder / "old.pth").write_bytes(old_stream(
        Pairs([["weight", ArgumentParameter(OldTensor("11", 4, (2, 2), (2, 1)))],
               ["bias", StateParameter(OldTensor("12", 5, (2,), (1,), view=("13", 3, 2)))],
               ["mean", OldTensor("12", 5, (3,), (1,))]]),
        {"11": [1, 2, 3, 4], "12": [10, 20, 30, 40, 50]}))


if __name__ == "__main__":
    main()
