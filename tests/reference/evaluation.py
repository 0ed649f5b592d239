#!/usr/bin/env python3
"""Checks dawson's evaluation measures against NumPy and SciPy.

    evaluation.py FOLDER

FOLDER holds cases.json, written by the tests: for each case its raw volumes (first axis fastest)
and what dawson measured. Every figure is worked out again here, from the definitions in
docs/evaluation.md and without dawson's code. Prints what disagrees; exit status 1 if anything does.
"""

import json
import pathlib
import sys

import numpy as np
from scipy import ndimage, optimize, stats

FACES = ndimage.generate_binary_structure(3, 1)
STRUCTURES = {6: FACES, 18: ndimage.generate_binary_structure(3, 2), 26: np.ones((3, 3, 3), int)}
NAN = float("nan")


def ratio(part, whole):
    return float(part) / float(whole) if whole else NAN


def shifts_dice(reference, prediction):
    """The challenge's normalised Dice, r = 0.001."""
    if not reference.any() and not prediction.any():
        return 1.0
    lesion = reference.sum()
    weight = 0.999 * lesion / (0.001 * (reference.size - lesion)) if lesion else 1.0
    both = (reference & prediction).sum()
    extra = (prediction & ~reference).sum()
    missed = (reference & ~prediction).sum()
    return 2 * both / (2 * both + weight * extra + missed)


def voxel_figures(reference, prediction, brain, voxel_ml):
    r, p = reference[brain], prediction[brain]
    total = reference.sum() + prediction.sum()
    difference = (int(prediction.sum()) - int(reference.sum())) * voxel_ml
    return {
        "dice": 2 * (reference & prediction).sum() / total if total else 1.0,
        "sensitivity": ratio((r & p).sum(), r.sum()),
        "specificity": ratio((~r & ~p).sum(), (~r).sum()),
        "accuracy": ratio((r == p).sum(), r.size),
        "ppv": ratio((r & p).sum(), p.sum()),
        "ndsc": shifts_dice(reference.ravel(), prediction.ravel()),
        "ndsc_brain": shifts_dice(r, p),
        "reference_ml": reference.sum() * voxel_ml,
        "predicted_ml": prediction.sum() * voxel_ml,
        "volume_difference_ml": difference,
        "volume_difference_percent": 100 * ratio(difference, reference.sum() * voxel_ml),
        "lesion_voxels_outside_brain": ((reference | prediction) & ~brain).sum(),
    }


def surface_figures(reference, prediction, spacing):
    if not reference.any() or not prediction.any():
        return {"hd95_mm": NAN, "assd_mm": NAN}
    ours = reference & ~ndimage.binary_erosion(reference, FACES)
    theirs = prediction & ~ndimage.binary_erosion(prediction, FACES)
    there = ndimage.distance_transform_edt(~theirs, sampling=spacing)[ours]
    back = ndimage.distance_transform_edt(~ours, sampling=spacing)[theirs]
    return {
        "hd95_mm": max(np.percentile(there, 95), np.percentile(back, 95)),
        "assd_mm": np.concatenate([there, back]).mean(),
    }


def calibration_error(p, y):
    """15 bins of equal mass; voxels of one probability share the mean of their labels."""
    if p.size == 0:
        return NAN
    values, index, counts = np.unique(p, return_inverse=True, return_counts=True)
    lesion = np.bincount(index, weights=y)
    edges = np.linspace(0, p.size, 16)
    mass = np.concatenate([[0], np.cumsum(counts)])
    said = np.diff(np.interp(edges, mass, np.concatenate([[0], np.cumsum(values * counts)])))
    seen = np.diff(np.interp(edges, mass, np.concatenate([[0], np.cumsum(lesion)])))
    return np.abs(said - seen).sum() / p.size


def average_precision(p, y):
    order = np.argsort(-p, kind="stable")
    last_of_tie = np.append(np.diff(p[order]) != 0, True)
    hits = np.cumsum(y[order])[last_of_tie]
    called = np.arange(1, p.size + 1)[last_of_tie]
    recall = np.concatenate([[0], hits / y.sum()])
    return (np.diff(recall) * hits / called).sum()


def probability_figures(reference, probabilities, brain):
    p, y = probabilities[brain].astype(float), reference[brain].astype(float)
    above = p > 0.01
    positive, negative = p[y == 1], p[y == 0]
    ranks = stats.rankdata(p)
    wins = ranks[y == 1].sum() - positive.size * (positive.size + 1) / 2
    return {
        "ece_brain": calibration_error(p, y),
        "ece_above_1pc": calibration_error(p[above], y[above]),
        "brier": ((p - y) ** 2).mean(),
        "roc_auc": ratio(wins, positive.size * negative.size),
        "pr_auc": average_precision(p, y) if y.any() else NAN,
    }


def counted_lesions(mask, structure, smallest, strict, voxel_mm3):
    """Labels 1, 2, ... of the lesions that count, 0 elsewhere."""
    labels, count = ndimage.label(mask, structure)
    volumes = np.bincount(labels.ravel(), minlength=count + 1)[1:] * voxel_mm3
    keep = volumes > smallest + 1e-3 if strict else volumes >= smallest - 1e-3
    number = np.concatenate([[0], np.where(keep, np.cumsum(keep), 0)]).astype(int)
    return number[labels]


def covered_shares(labels, other_mask):
    """Of each lesion, the share that lies on the other mask."""
    sizes = np.bincount(labels.ravel())
    return (np.bincount(labels[other_mask], minlength=sizes.size) / np.maximum(sizes, 1))[1:]


def anima_found(table):
    """Rows: lesions, columns: the other side's, 0: neither. Alpha 10 %, gamma 65 %, beta 70 %."""
    outside = table[0] / np.maximum(table.sum(axis=0), 1)
    found = 0
    for row in table[1:]:
        covered = row[1:].sum()
        if covered <= 0.10 * row.sum():
            continue
        by_overlap = 1 + np.argsort(-row[1:], kind="stable")
        before = np.concatenate([[0], np.cumsum(row[by_overlap])[:-1]]) / covered
        found += bool((outside[by_overlap[before < 0.65]] <= 0.70).all())
    return found


def iou_found(table):
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    best = (table / union)[1:, 1:].max(axis=1, initial=0)
    return int((best >= 0.25).sum())


def lesion_figures(rule, reference, prediction, voxel_mm3):
    structure = STRUCTURES[26] if rule in ("dawson", "wmh2017") else FACES
    smallest = 3.0 if rule in ("dawson", "anima") else 0.0
    ours, theirs = (counted_lesions(mask, structure, smallest, rule == "anima", voxel_mm3)
                    for mask in (reference, prediction))
    count, predicted = ours.max(), theirs.max()
    table = np.zeros((count + 1, predicted + 1), int)
    np.add.at(table, (ours.ravel(), theirs.ravel()), 1)
    if rule == "anima":
        found, true = anima_found(table), anima_found(table.T)
    elif rule == "shifts":
        found, true = iou_found(table), iou_found(table.T)
    else:
        share = 0.10 if rule == "dawson" else 1e-12
        found = int((covered_shares(ours, prediction) >= share).sum())
        true = int((covered_shares(theirs, reference) >= share).sum())
    sensitivity, ppv = ratio(found, count), ratio(true, predicted)
    if not count:
        f1 = NAN
    elif rule == "shifts":
        f1 = true / (true + 0.5 * (predicted - true + count - found))
    elif not predicted or sensitivity + ppv == 0:
        f1 = 0.0
    else:
        f1 = 2 * sensitivity * ppv / (sensitivity + ppv)
    return {"reference_lesions": count, "found_lesions": found, "predicted_lesions": predicted,
            "true_lesions": true, "lesion_sensitivity": sensitivity, "lesion_ppv": ppv,
            "lesion_f1": f1}


def check_components(mask, labels, connectivity):
    """The same parts as SciPy's, numbered by size and then by first voxel."""
    expected, count = ndimage.label(mask, STRUCTURES[connectivity])
    flat = expected.ravel()
    sizes = np.bincount(flat, minlength=count + 1)[1:]
    first = [np.flatnonzero(flat == n + 1)[0] for n in range(count)]
    order = sorted(range(count), key=lambda n: (-sizes[n], first[n]))
    renumbered = np.zeros(count + 1, int)
    for rank, n in enumerate(order):
        renumbered[n + 1] = rank + 1
    return np.array_equal(renumbered[expected], labels)


def agree(found, expected, tolerance):
    if found is None:
        return not np.isfinite(expected)
    return np.isfinite(expected) and abs(found - expected) <= tolerance * max(1, abs(expected))


def check_case(folder, case):
    shape = case["size"][::-1]  # the first axis is fastest in the file

    def load(name, kind):
        file = folder / case["files"][name]
        return np.fromfile(file, dtype=kind).reshape(shape)

    reference, prediction, brain = (load(n, np.uint8) != 0
                                    for n in ("reference", "prediction", "brain"))
    spacing = case["spacing"][::-1]
    voxel_mm3 = float(np.prod(spacing))
    expected = voxel_figures(reference, prediction, brain, voxel_mm3 / 1000)
    expected |= surface_figures(reference, prediction, spacing)
    expected |= probability_figures(reference, load("probabilities", np.float32), brain)
    wrong = [f"{name}: dawson {case['figures'][name]}, here {value}"
             for name, value in expected.items()
             # dawson's distances are single precision
             if not agree(case["figures"][name], value, 1e-5 if name.endswith("_mm") else 1e-9)]
    for rule, figures in case["rules"].items():
        for name, value in lesion_figures(rule, reference, prediction, voxel_mm3).items():
            if not agree(figures[name], value, 1e-9):
                wrong.append(f"{rule}, {name}: dawson {figures[name]}, here {value}")
    for connectivity in case["components"]:
        if not check_components(reference, load(f"labels_{connectivity}", np.int32), connectivity):
            wrong.append(f"components of connectivity {connectivity} differ")
    return wrong, len(expected) + 7 * len(case["rules"]) + len(case["components"])


def intraclass_correlation(pairs):
    """ICC(2,1) by the analysis of variance of a table with two columns."""
    x = np.asarray(pairs)
    n, k = x.shape
    rows = k * ((x.mean(axis=1) - x.mean()) ** 2).sum() / (n - 1)
    columns = n * ((x.mean(axis=0) - x.mean()) ** 2).sum() / (k - 1)
    rest = (x - x.mean(axis=1, keepdims=True) - x.mean(axis=0) + x.mean()) ** 2
    error = rest.sum() / ((n - 1) * (k - 1))
    return (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)


def called_points(p, y, thresholds):
    """Lesion voxels and others at or above each threshold, from none called to all."""
    lesion = [0] + [int(((p >= t) & (y == 1)).sum()) for t in reversed(thresholds)]
    rest = [0] + [int(((p >= t) & (y == 0)).sum()) for t in reversed(thresholds)]
    return np.array(lesion, float), np.array(rest, float)


def roc_at(x, lesion, rest):
    """Linear between points; the highest of several above one another."""
    values = []
    for share in x:
        at = np.flatnonzero(rest <= share * rest[-1] + 1e-9 * (share == 1))[-1]
        value = lesion[at]
        if at + 1 < rest.size:
            value += (share * rest[-1] - rest[at]) / (rest[at + 1] - rest[at]) * (
                lesion[at + 1] - lesion[at])
        values.append(value / lesion[-1])
    return np.array(values)


def precision_at(x, lesion, rest):
    """True and false positives linear between points (Davis and Goadrich 2006)."""
    values = []
    for share in x:
        wanted = min(share * lesion[-1], lesion[-1])
        after = np.flatnonzero(lesion >= wanted - 1e-9)[0]
        part = (wanted - lesion[after - 1]) / (lesion[after] - lesion[after - 1])
        wrong = rest[after - 1] + part * (rest[after] - rest[after - 1])
        values.append(wanted / (wanted + wrong))
    return np.array(values)


def mean_and_band(patients, curves):
    """Mean over patients of the mean over visits, and a bootstrap band with SciPy."""
    names = sorted(set(patients))
    means = np.array([np.mean([c for p, c in zip(patients, curves) if p == name], axis=0)
                      for name in names])
    band = stats.bootstrap((means,), np.mean, axis=0, n_resamples=9999, method="percentile",
                           random_state=np.random.default_rng(1)).confidence_interval
    return means.mean(axis=0), band.low, band.high


def check_curves(folder, given):
    curves = given["curves"]
    loaded = []
    for case in given["cases"]:
        def load(name, kind, case=case):
            return np.fromfile(folder / case["files"][name], dtype=kind)
        brain = load("brain", np.uint8) != 0
        loaded.append((load("probabilities", np.float32)[brain].astype(float),
                       load("reference", np.uint8)[brain]))
    wrong, figures = [], 0
    for name, at in (("roc", roc_at), ("precision_recall", precision_at)):
        x = np.array(curves[name]["x"])
        patients, values, points = [], [], []
        for patient, (p, y) in zip(curves["case_patients"], loaded):
            if y.any() and (name != "roc" or not y.all()):
                points.append(called_points(p, y, curves["thresholds"]))
                values.append(at(x, *points[-1]))
                patients.append(patient)
        mean, low, high = mean_and_band(patients, values)
        pooled = at(x, *(sum(axis) for axis in zip(*points)))
        if curves[name]["cases"] != len(values):
            wrong.append(f"{name}: {curves[name]['cases']} cases, here {len(values)}")
        # Written with six decimals; a bootstrap of other draws agrees to a tenth of the band.
        for what, expected, tolerance in (("mean", mean, 2e-6), ("pooled", pooled, 2e-6),
                                          ("low", low, 0.1 * (high - low).max()),
                                          ("high", high, 0.1 * (high - low).max())):
            off = np.abs(np.array(curves[name][what]) - expected).max()
            if not off <= tolerance:
                wrong.append(f"{name}, {what}: differs by {off}")
        figures += 4 * x.size
    p, y = (np.concatenate(parts) for parts in zip(*loaded))
    for bin_ in curves["reliability"]:
        inside = (p >= bin_["from"]) & ((p < bin_["to"]) | (bin_["to"] == 1))
        expected = {"voxels": inside.sum(),
                    "mean_probability": p[inside].mean() if inside.any() else NAN,
                    "observed_rate": y[inside].mean() if inside.any() else NAN}
        wrong += [f"reliability from {bin_['from']}, {name}: dawson {bin_[name]}, here {value}"
                  for name, value in expected.items() if not agree(bin_[name], value, 2e-6)]
        figures += 3
    return wrong, figures


def close(found, expected, tolerance):
    return all(abs(f - e) <= tolerance for f, e in zip(found, expected))


def check_groups(test):
    a, b = np.array(test["first"]), np.array(test["second"])
    generator = np.random.default_rng(2)

    def difference(x, y, axis=-1):
        return x.mean(axis=axis) - y.mean(axis=axis)

    interval = stats.bootstrap((a, b), difference, n_resamples=9999, method="percentile",
                               random_state=generator).confidence_interval
    p = stats.permutation_test((a, b), difference, n_resamples=49999,
                               random_state=generator).pvalue
    width = interval.high - interval.low
    return (abs(test["difference"] - difference(a, b)) < 1e-9
            and close(test["interval"], interval, 0.05 * width)
            # The chance's own error with 10,000 draws is below 0.005.
            and abs(test["p"] - p) < 0.02)


def check_paired(test):
    d = np.array(test["first"]) - np.array(test["second"])
    interval = stats.bootstrap((d,), np.mean, n_resamples=9999, method="percentile",
                               random_state=np.random.default_rng(3)).confidence_interval
    return (abs(test["difference"] - d.mean()) < 1e-9
            and close(test["interval"], interval, 0.05 * (interval.high - interval.low))
            and abs(test["p"] - stats.wilcoxon(d, mode="exact").pvalue) < 1e-9)


def check_holm(test):
    p = np.array(test["p"])
    order = np.argsort(p)
    stepped = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)))
    expected = np.empty(p.size)
    expected[order] = stepped
    return close(test["adjusted"], expected, 1e-12)


def share_with_interval(scans, lesion):
    """Mean over patients; Wilson's limits are where the normal test of the share turns."""
    names = sorted({s[0] for s in scans if s[2] == lesion})
    shares = [np.mean([s[3] == lesion for s in scans if s[0] == n and s[2] == lesion])
              for n in names]
    share, n, z = np.mean(shares), len(names), stats.norm.ppf(0.975)

    def off(p):
        return (share - p) ** 2 - z * z * p * (1 - p) / n

    low = optimize.brentq(off, 0, share) if share > 0 else 0
    high = optimize.brentq(off, share, 1) if share < 1 else 1
    return share, (low, high)


def check_scan_level(test):
    scans, level = test["scans"], test["level"]
    score = np.array([s[1] for s in scans])
    lesion = np.array([s[2] for s in scans])
    auc = stats.mannwhitneyu(score[lesion], score[~lesion]).statistic / (
        lesion.sum() * (~lesion).sum())
    ok = abs(level["roc_auc"]["mean"] - auc) < 1e-5
    for name, side in (("sensitivity", True), ("specificity", False)):
        share, interval = share_with_interval(scans, side)
        ok &= abs(level[name]["mean"] - share) < 1e-5
        ok &= close(level[name]["interval"], interval, 2e-5)
    x, y = np.array(level["roc"]).T
    return ok and abs(np.trapz(y, x) - auc) < 1e-4


def check_statistics(given):
    wrong = []
    for kind, check in (("groups", check_groups), ("paired", check_paired), ("holm", check_holm),
                        ("scan_level", check_scan_level)):
        wrong += [f"{kind} {n} differs" for n, test in enumerate(given[kind]) if not check(test)]
    for test in given["signed_rank"]:
        differences = np.asarray(test["differences"])
        # SciPy's exact distribution knows no ties and no zeros; the tests give it none.
        expected = stats.wilcoxon(differences, mode=test["mode"], correction=True).pvalue
        if not agree(test["p"], expected, 1e-9):
            wrong.append(f"Wilcoxon of {differences.size}: dawson {test['p']}, here {expected}")
    for test in given["volumes"]:
        pairs = np.asarray(test["pairs"])
        difference = pairs[:, 1] - pairs[:, 0]
        expected = {"pearson": np.corrcoef(pairs.T)[0, 1], "icc_2_1": intraclass_correlation(pairs),
                    "bias": difference.mean(), "deviation": difference.std(ddof=1)}
        wrong += [f"{name}: dawson {test[name]}, here {value}" for name, value in expected.items()
                  if not agree(test[name], value, 1e-9)]
    count = len(given["signed_rank"]) + 4 * (len(given["volumes"]) + len(given["groups"]))
    return wrong, count + 4 * len(given["paired"]) + len(given["holm"]) + 7 * len(
        given["scan_level"])


def main():
    folder = pathlib.Path(sys.argv[1])
    given = json.loads((folder / "cases.json").read_text())
    failures, figures = [], 0
    for case in given["cases"]:
        wrong, count = check_case(folder, case)
        figures += count
        failures += [f"{case['name']}: {line}" for line in wrong]
    wrong, count = check_statistics(given["statistics"])
    figures += count
    failures += wrong
    if "curves" in given:
        wrong, count = check_curves(folder, given)
        figures += count
        failures += wrong
    for line in failures:
        print(line)
    print(f"{figures} figures of {len(given['cases'])} cases, {len(failures)} disagree")
    return 1 if failures or figures == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
