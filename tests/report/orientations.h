// The ways in which a file may store a head.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace dawson::report::made {

/// "RAS", "LPS", …: all 48 of them.
inline std::vector<std::string> all_orientations() {
  std::vector<std::string> all;
  std::array<std::string, 3> axes{"RL", "AP", "SI"};
  std::sort(axes.begin(), axes.end());
  do {
    for (int flips = 0; flips < 8; ++flips) {
      std::string o;
      for (int axis = 0; axis < 3; ++axis) {
        o += axes[static_cast<std::size_t>(axis)][(flips >> axis) & 1];
      }
      all.push_back(o);
    }
  } while (std::next_permutation(axes.begin(), axes.end()));
  return all;
}

}  // namespace dawson::report::made
