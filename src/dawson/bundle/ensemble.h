// Several models as one that reads a scan once.
#pragma once

#include <vector>

#include "dawson/bundle/bundle.h"

namespace dawson::bundle {

/// One model whose logits are the mean of the members' (nn/ensemble.h), with the decision rule of
/// the first. Its provenance keeps each member's under "members" and names the patients of all
/// under "data". Throws Error{model} naming the first member that finds something else, reads other
/// slices or prepares scans otherwise.
Bundle ensemble(const std::vector<Bundle>& members);

}  // namespace dawson::bundle
