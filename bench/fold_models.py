"""The models of a cross-validation's folds, each with the rule that the other folds chose."""
import json
import shutil


def options_of(run, brains, method, fold, out):
    """How `dawson segment` takes the fold's model with its rule; the copy that holds it is in `out`."""
    rule = json.loads((run / "decision.json").read_text())[f"fold-{fold}"]
    place = out / "models" / f"fold-{fold}"
    source = run / f"fold-{fold}" / ("lesion/model" if method == "network" else method)
    name = "model.json" if method == "network" else "method.json"
    if not place.exists():
        shutil.copytree(source, place)
        model = json.loads((place / name).read_text())
        if method == "network":
            model |= rule
        else:
            model["temperature"] = rule["temperature"]
            model["rule"] = {k: v for k, v in rule.items() if k != "temperature"}
        (place / name).write_text(json.dumps(model))
    options = ["--model", place] + ([] if method == "network" else ["--method", method])
    return options + ["--brain-model", brains / f"fold-{fold}" / "brain" / "model"]
