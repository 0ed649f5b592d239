#include "dawson/bundle/slices.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"

namespace dawson::bundle {

int SliceInput::network_channels() const noexcept {
  std::size_t count = 0;
  for (const std::vector<double>& offsets : offsets_mm) count += offsets.size();
  return static_cast<int>(count);
}

core::Json SliceInput::to_json() const {
  return {{"offsets_mm", offsets_mm}};
}

SliceInput SliceInput::from_json(const core::Json& json) {
  SliceInput input;
  try {
    input.offsets_mm = json.at("offsets_mm").get<std::vector<std::vector<double>>>();
  } catch (const nlohmann::json::exception&) {
    throw Error(ExitCode::model, "\"offsets_mm\" is not a list of lists of millimetres",
                "network input");
  }
  for (const std::vector<double>& offsets : input.offsets_mm) {
    if (offsets.empty() || !std::all_of(offsets.begin(), offsets.end(),
                                        [](double offset) { return std::isfinite(offset); })) {
      throw Error(ExitCode::model, "a channel without offsets", "network input");
    }
  }
  if (input.offsets_mm.empty()) throw Error(ExitCode::model, "no channels", "network input");
  return input;
}

void cut_slice(const Stack& stack, const SliceInput& input, double z, float* out) {
  const std::size_t pixels = static_cast<std::size_t>(stack.height) * stack.width;
  const double last = stack.slices - 1;
  for (std::size_t channel = 0; channel < input.offsets_mm.size(); ++channel) {
    for (const double offset : input.offsets_mm[channel]) {
      const double place = std::clamp(z + offset / stack.slice_spacing_mm, 0.0, last);
      const int below = static_cast<int>(place);
      const int above = std::min(below + 1, stack.slices - 1);
      const auto share = static_cast<float>(place - below);  // of the slice above
      const float* a = stack.slice(static_cast<int>(channel), below);
      const float* b = stack.slice(static_cast<int>(channel), above);
      for (std::size_t i = 0; i < pixels; ++i) out[i] = a[i] + share * (b[i] - a[i]);
      out += pixels;
    }
  }
}

}  // namespace dawson::bundle
